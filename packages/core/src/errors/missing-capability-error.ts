import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** The fields of a {@link MissingCapabilityError}. */
export interface MissingCapabilityErrorFields {
  /** `CAP_BPF`, `CAP_NET_ADMIN` ...; the first that lacks */
  readonly capability: string
  /** what was tried, reads on after "to": `load an xdp program` */
  readonly operation: string
  /** what else may be in the way, such as kernel lockdown */
  readonly hint?: string | undefined
}

/**
 * `ERR_MISSING_CAPABILITY`: the process may not do this; `capability` is what it lacks.
 *
 * @example
 * ```ts
 * import { load, MissingCapabilityError } from '@millrace/core'
 *
 * try {
 *   using object = await load('./firewall.bpf.o')
 * } catch (error) {
 *   if (error instanceof MissingCapabilityError) console.error(`run as root, or grant ${error.capability}`)
 * }
 * ```
 */
export class MissingCapabilityError extends MillraceError {
  static {
    brand(MissingCapabilityError, 'MissingCapabilityError')
  }

  override readonly code = 'ERR_MISSING_CAPABILITY'
  readonly capability: string
  readonly operation: string

  constructor({ capability, operation, hint }: MissingCapabilityErrorFields) {
    const more = hint === undefined ? '' : ` (${hint})`
    super(`to ${operation} needs ${capability}, which this process does not have${more}: run as root or grant it`)
    this.capability = capability
    this.operation = operation
  }
}
