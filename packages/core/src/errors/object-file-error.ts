import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** The fields of an {@link ObjectFileError}. */
export interface ObjectFileErrorFields {
  /** path, or the name that was given for bytes */
  readonly file: string
  readonly reason: string
  /** what libbpf printed */
  readonly log?: string | undefined
  readonly cause?: unknown
}

/**
 * `ERR_OBJECT_FILE`: a file is not an eBPF object, cannot be read, or asks for something that libbpf cannot give it.
 *
 * @example
 * ```ts
 * import { load, ObjectFileError } from '@millrace/core'
 *
 * try {
 *   await load(new Uint8Array([1, 2, 3]))
 * } catch (error) {
 *   if (error instanceof ObjectFileError) console.error(error.file, error.reason)
 * }
 * ```
 */
export class ObjectFileError extends MillraceError {
  static {
    brand(ObjectFileError, 'ObjectFileError')
  }

  override readonly code = 'ERR_OBJECT_FILE'
  readonly file: string
  readonly reason: string
  readonly log: string

  constructor({ file, reason, log = '', cause }: ObjectFileErrorFields) {
    super(`${file}: ${reason}`, cause === undefined ? undefined : { cause })
    this.file = file
    this.reason = reason
    this.log = log
  }
}
