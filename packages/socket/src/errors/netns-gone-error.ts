import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_NETNS_GONE`: the network namespace has ended, and with it what was attached to it.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachSkLookup, NetnsGoneError } from '@millrace/socket'
 * import { portRange } from './port_range.bpf.js'
 *
 * using v1 = await load(portRange)
 * using v2 = await load(portRange)
 * using attachment = attachSkLookup(v1.programs.choose, { netns: 'blue' })
 * try {
 *   attachment.update(v2.programs.choose)
 * } catch (error) {
 *   if (error instanceof NetnsGoneError) console.error(`${error.netns} has ended`)
 * }
 * ```
 */
export class NetnsGoneError extends MillraceError {
  static {
    brand(NetnsGoneError, 'NetnsGoneError')
  }

  override readonly code = 'ERR_NETNS_GONE'
  /** as it was given; '' for the one of this process */
  readonly netns: string

  constructor({ netns }: { readonly netns: string }) {
    super(`the network namespace ${netns === '' ? 'of this process' : netns} does not exist any more`)
    this.netns = netns
  }
}
