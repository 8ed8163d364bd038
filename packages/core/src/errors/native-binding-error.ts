import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** One place where the native addon was looked for, and what came of it. */
export interface BindingAttempt {
  readonly path: string
  readonly reason: string
}

/**
 * `ERR_NATIVE_BINDING`: the native addon could not be loaded. `tried` lists where it was looked for.
 *
 * @example
 * ```ts
 * import { NativeBindingError, possibleCpus } from '@millrace/core'
 *
 * try {
 *   possibleCpus()
 * } catch (error) {
 *   if (error instanceof NativeBindingError) for (const { path, reason } of error.tried) console.error(path, reason)
 * }
 * ```
 */
export class NativeBindingError extends MillraceError {
  static {
    brand(NativeBindingError, 'NativeBindingError')
  }

  override readonly code = 'ERR_NATIVE_BINDING'
  readonly tried: readonly BindingAttempt[]
  /** `linux-x64-glibc` */
  readonly platform: string

  constructor({
    tried,
    platform,
    advice,
  }: { readonly tried: readonly BindingAttempt[]; readonly platform: string; readonly advice: string }) {
    const places = tried.map(({ path, reason }) => `\n    ${path}: ${reason}`)
    const looked = tried.length > 0 ? `Looked for it at:${places.join('')}\n` : ''
    super(`the native part of @millrace/core is not available on ${platform}. ${looked}${advice}`)
    this.tried = tried
    this.platform = platform
  }
}
