import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BindingAttempt } from '../errors/native-binding-error.js'
import { isInPackage, ownFolder } from '../own-folder.js'
import { platformName } from './this-system.js'

const buildIt =
  'build it in a clone of Millrace (npm run setup), and set MILLRACE_NATIVE_BINDING to its path there: ' +
  'packages/core/build/Release/millrace.node.'

/** What to do about the addon, of which none of these could be loaded. */
export function adviceFor(tried: readonly BindingAttempt[]): string {
  if (process.platform !== 'linux')
    return (
      'eBPF is a part of the Linux kernel: run this on Linux, of which a virtual machine or WSL 2 will do. Here, types, codecs, ' +
      'packets and bpf2ts work.'
    )
  if (process.env.MILLRACE_NATIVE_BINDING) {
    return 'MILLRACE_NATIVE_BINDING names this file, and no other is looked for: correct it, or unset it to use the one of the package.'
  }
  if (!isInPackage()) {
    return (
      'This code is not where @millrace/core was installed, so a bundler will have moved it. Mark @millrace/* as external and ' +
      `install them beside the bundle; or copy node_modules/@millrace/core/prebuilds to ${join(ownFolder(), 'prebuilds')}.`
    )
  }
  const there = prebuilds()
  const here = platformName()
  if (there.includes(here)) return `The package has an addon for ${here}, but it cannot be loaded: ${repair(tried)}`
  if (there.length === 0) return `The package has no addon in it. Install it again (npm ci); or ${buildIt}`
  if (here.endsWith('-musl')) {
    return (
      `The package has the addon for ${there.join(', ')}. None is built for musl yet: use a system with glibc, such as an image ` +
      "of Debian in place of Alpine's."
    )
  }
  return (
    `The package has the addon for ${there.join(', ')}, and none for ${here}. If node_modules was copied from another system, ` +
    `install it here instead (npm ci). If not, this system has none yet: ${buildIt}`
  )
}

/** An older C library than the addon was built for says so by the version that it lacks. */
function repair(tried: readonly BindingAttempt[]): string {
  const isOld = tried.some(({ reason }) => /version `GLIBC_/.test(reason))
  if (isOld) return `this system has an older C library than it needs, glibc 2.28. Use a newer system; or ${buildIt}`
  return `install it again (npm ci); or ${buildIt}`
}

function prebuilds(): string[] {
  const folder = join(ownFolder(), '../prebuilds')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => existsSync(join(folder, name, 'millrace.node'))).sort()
}
