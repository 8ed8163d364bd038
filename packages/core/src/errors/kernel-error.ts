import { errnoName, errnoText } from '../errno.js'
import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** The fields of a {@link KernelError}. */
export interface KernelErrorFields {
  /** what was tried, reads on after "could not": `read the info of program 12` */
  readonly operation: string
  /** positive, as in errno.h; a negative one is turned */
  readonly errno: number
  /** what to do about it, or what it usually means */
  readonly hint?: string | undefined
  /** what libbpf said meanwhile */
  readonly log?: string | undefined
}

/**
 * `ERR_KERNEL`: the kernel refused an operation for a reason that has no class of its own. `errno` and `errnoName` are the
 * kernel's.
 *
 * @example
 * ```ts
 * import { KernelError, Program } from '@millrace/core'
 *
 * try {
 *   Program.openById(4_000_000)
 * } catch (error) {
 *   if (error instanceof KernelError && error.errnoName === 'ENOENT') console.error('no such program')
 * }
 * ```
 */
export class KernelError extends MillraceError {
  static {
    brand(KernelError, 'KernelError')
  }

  override readonly code = 'ERR_KERNEL'
  readonly operation: string
  readonly errno: number
  readonly errnoName: string
  readonly log: string

  constructor({ operation, errno, hint, log = '' }: KernelErrorFields) {
    const positive = Math.abs(errno)
    super(
      `could not ${operation}: ${errnoName(positive)}, ${errnoText(positive)}${hint === undefined ? '' : `; ${hint}`}`,
    )
    this.operation = operation
    this.errno = positive
    this.errnoName = errnoName(positive)
    this.log = log
  }
}
