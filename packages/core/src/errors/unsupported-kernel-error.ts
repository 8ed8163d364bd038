import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** The fields of an {@link UnsupportedKernelError}. */
export interface UnsupportedKernelErrorFields {
  /** reads on after "needs": `TCX`, `map type arena`, `helper bpf_redirect_neigh` */
  readonly feature: string
  /** least version, `6.6`; undefined when it hangs on how the kernel was built and not on its version */
  readonly needed?: string | undefined
  /** as `uname -r` says */
  readonly running: string
  /** how the kernel must be built, or what to use instead */
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/**
 * `ERR_UNSUPPORTED_KERNEL`: the running kernel does not have what was asked of it. It is thrown after the attempt failed, so a
 * distribution's kernel with a feature of a later one is used to the full.
 *
 * @example
 * ```ts
 * import { load, UnsupportedKernelError } from '@millrace/core'
 *
 * try {
 *   using object = await load('./arena.bpf.o')
 * } catch (error) {
 *   if (error instanceof UnsupportedKernelError) console.error(error.feature, error.needed, error.running)
 * }
 * ```
 */
export class UnsupportedKernelError extends MillraceError {
  static {
    brand(UnsupportedKernelError, 'UnsupportedKernelError')
  }

  override readonly code = 'ERR_UNSUPPORTED_KERNEL'
  readonly feature: string
  readonly needed: string | undefined
  readonly running: string

  constructor({ feature, needed, running, hint, cause }: UnsupportedKernelErrorFields) {
    const lack =
      needed === undefined
        ? `this kernel (${running}) has no ${feature}`
        : `${feature} needs Linux ${needed}, this is ${running}`
    super(hint === undefined ? lack : `${lack}; ${hint}`, cause === undefined ? undefined : { cause })
    this.feature = feature
    this.needed = needed
    this.running = running
  }
}
