import { release } from 'node:os'

/** `uname -r`, such as `6.18.44-amd64`. */
export function runningKernel(): string {
  return release()
}

/**
 * Whether kernel `running` is at least version `needed`. Only the leading numbers count, so a distribution's suffix does not
 * matter.
 */
export function isAtLeast(needed: string, running: string = runningKernel()): boolean {
  const [neededMajor, neededMinor] = numbers(needed)
  const [major, minor] = numbers(running)
  return major > neededMajor || (major === neededMajor && minor >= neededMinor)
}

function numbers(version: string): [number, number] {
  const found = /^(\d+)\.(\d+)/.exec(version)
  return [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)]
}
