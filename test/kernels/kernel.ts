import { release } from 'node:os'

/** Whether the kernel that runs is of this version, such as `5.13`, or later. */
export function isKernel(version: string): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number.parseFloat)
  const [leastMajor = 0, leastMinor = 0] = version.split('.').map(Number)
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}
