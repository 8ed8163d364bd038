import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_CHAIN_FULL`: the chain would need more tail calls for one packet than the kernel makes, which is 33. Each stage takes one, to
 * the next stage or to the chain's end, and as many more as it was said to make itself (`tailCalls`). Nothing was changed.
 *
 * @example
 * ```ts
 * import { ChainFullError, TailCallChain } from '@millrace/chain'
 * import { load } from '@millrace/core'
 * import { counting } from './counting.bpf.js'
 *
 * using object = await load(counting)
 * using chain = await TailCallChain.create({ hook: 'xdp', interface: 'eth0' })
 * try {
 *   chain.append('count', object.programs.count, { tailCalls: 40 })
 * } catch (error) {
 *   if (error instanceof ChainFullError) console.error(error.tailCalls, error.limit)
 * }
 * ```
 */
export class ChainFullError extends MillraceError {
  static {
    brand(ChainFullError, 'ChainFullError')
  }

  override readonly code = 'ERR_CHAIN_FULL'
  /** how many the chain would have */
  readonly stages: number
  /** how many a packet would take at most */
  readonly tailCalls: number
  /** of the kernel, for one packet */
  readonly limit: number

  constructor(fields: { readonly stages: number; readonly tailCalls: number; readonly limit: number }) {
    const { stages, tailCalls, limit } = fields
    const own = tailCalls - stages
    const more = own === 0 ? '' : ` and the ${own} that they make themselves`
    super(
      `a chain of ${stages} stages takes ${tailCalls} tail calls, one each${more}; the kernel makes ${limit} for a packet, and ` +
        'passes by what comes after; nothing was changed',
    )
    this.stages = stages
    this.tailCalls = tailCalls
    this.limit = limit
  }
}
