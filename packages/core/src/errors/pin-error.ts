import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/**
 * `ERR_PIN`: a kernel object cannot be pinned at, opened from or unpinned from a path. The message says why: no bpf filesystem
 * there, taken, missing, or a pin of another kind.
 *
 * @example
 * ```ts
 * import { PinError, RawMap } from '@millrace/core'
 *
 * try {
 *   using map = RawMap.open('/sys/fs/bpf/flows')
 * } catch (error) {
 *   if (error instanceof PinError) console.error(error.path, error.message)
 * }
 * ```
 */
export class PinError extends MillraceError {
  static {
    brand(PinError, 'PinError')
  }

  override readonly code = 'ERR_PIN'
  readonly path: string

  constructor({ path, reason }: { readonly path: string; readonly reason: string }) {
    super(`${path}: ${reason}`)
    this.path = path
  }
}
