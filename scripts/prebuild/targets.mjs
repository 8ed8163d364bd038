/**
 * What each is built for, by the name that the loader gives the system (packages/core/src/binding.ts). glibc 2.28 is what
 * Node.js 20 itself asks for.
 */
export const targets = {
  'linux-x64-glibc': { triple: 'x86_64-linux-gnu.2.28', nodeArch: 'x64' },
  'linux-arm64-glibc': { triple: 'aarch64-linux-gnu.2.28', nodeArch: 'arm64' },
}

/** A prebuilt addon, from the root of the checkout. */
export const prebuiltFile = (platform) => `packages/core/prebuilds/${platform}/millrace.node`
