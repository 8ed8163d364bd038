import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type BindingAttempt, NativeBindingError } from '../errors/native-binding-error.js'
import { ownFolder } from '../own-folder.js'
import { adviceFor } from './advice.js'
import { formatOf } from './file-format.js'
import { platformName, systemName } from './this-system.js'

/**
 * Loads the addon from the first place that has one for this system.
 *
 * @throws {@link NativeBindingError} when there is none: it says of each place why not, and what to do
 */
export function loadAddon(): unknown {
  const tried: BindingAttempt[] = []
  if (process.platform === 'linux') {
    for (const path of places()) {
      try {
        return createRequire(path)(path)
      } catch (error) {
        tried.push({ path, reason: reasonOf(path, error) })
      }
    }
  }
  throw new NativeBindingError({ tried, platform: platformName(), advice: adviceFor(tried) })
}

/**
 * In the order in which they are tried. The sources and the bundle of the package both lie one folder below its root. Somebody's
 * bundle with core in it may have the addon beside it.
 */
function* places(): Generator<string> {
  const chosen = process.env.MILLRACE_NATIVE_BINDING
  if (chosen !== undefined && chosen !== '') {
    yield resolve(chosen)
    return
  }
  const own = ownFolder()
  yield join(own, '../build/Release/millrace.node')
  const prebuilt = `prebuilds/${platformName()}/millrace.node`
  yield join(own, '..', prebuilt)
  yield join(own, prebuilt)
}

function reasonOf(path: string, error: unknown): string {
  if (!existsSync(path)) return 'no such file'
  try {
    if (!statSync(path).isFile()) return 'no file'
    const said = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
    const format = formatOf(path)
    const isForThis = systemName().startsWith(format)
    return isForThis
      ? said
      : `it is ${/^(Linux|macOS|Windows)/.test(format) ? 'for ' : ''}${format}, and this is ${systemName()}`
  } catch (unreadable) {
    return unreadable instanceof Error ? unreadable.message : String(unreadable)
  }
}
