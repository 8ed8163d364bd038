import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/**
 * `ERR_CLOSED`: a kernel object was used after its `close()`. The kernel object itself may live on, through a pin, an
 * attachment or another process: open it again from there.
 *
 * @example
 * ```ts
 * import { ClosedError, Program } from '@millrace/core'
 *
 * const program = Program.open('/sys/fs/bpf/firewall')
 * program.close()
 * try {
 *   program.info()
 * } catch (error) {
 *   if (error instanceof ClosedError) console.error(error.what, error.objectName)
 * }
 * ```
 */
export class ClosedError extends MillraceError {
  static {
    brand(ClosedError, 'ClosedError')
  }

  override readonly code = 'ERR_CLOSED'
  /** `map`, `program`, `link`, `object`, `ring buffer`, `memory` ... */
  readonly what: string
  /** what it was called; '' for what has no name */
  readonly objectName: string

  constructor({ what, name }: { readonly what: string; readonly name: string }) {
    super(`the ${what}${name === '' ? '' : ` ${name}`} was used after it was closed`)
    this.what = what
    this.objectName = name
  }
}
