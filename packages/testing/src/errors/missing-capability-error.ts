import { brand, MillraceError } from './millrace-error.js'

/**
 * `ERR_MISSING_CAPABILITY`: the process may not do this; `capability` is what it lacks. The same kind as
 * `MissingCapabilityError` of `@millrace/core`: `instanceof` holds for either.
 *
 * @example
 * ```ts
 * import { MissingCapabilityError, topology } from '@millrace/testing'
 *
 * try {
 *   await using net = await topology({ hosts: { a: {} } })
 * } catch (error) {
 *   if (error instanceof MissingCapabilityError) console.error(`run as root: ${error.capability} is missing`)
 * }
 * ```
 */
export class MissingCapabilityError extends MillraceError {
  static {
    brand(MissingCapabilityError, 'MissingCapabilityError')
  }

  override readonly code = 'ERR_MISSING_CAPABILITY'
  readonly capability: string
  /** what was tried, reads on after "to" */
  readonly operation: string

  constructor(capability: string, operation: string, detail: string) {
    super(`to ${operation} needs ${capability}, which this process does not have (${detail}): run as root or grant it`)
    this.capability = capability
    this.operation = operation
  }
}
