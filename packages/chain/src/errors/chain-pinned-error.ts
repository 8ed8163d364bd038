import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_CHAIN_PINNED`: a chain of that name is pinned already, and at work: adopt it, or purge it first.
 *
 * @example
 * ```ts
 * import { ChainPinnedError, TailCallChain } from '@millrace/chain'
 *
 * const where = { hook: 'xdp', interface: 'eth0', pin: 'edge' } as const
 * const chain = await TailCallChain.create(where).catch((error: unknown) => {
 *   if (error instanceof ChainPinnedError) return TailCallChain.adopt(where)
 *   throw error
 * })
 * ```
 */
export class ChainPinnedError extends MillraceError {
  static {
    brand(ChainPinnedError, 'ChainPinnedError')
  }

  override readonly code = 'ERR_CHAIN_PINNED'
  /** folder of the chain */
  readonly path: string

  constructor({ path }: { readonly path: string }) {
    super(`a chain is pinned at ${path} and at work: adopt it, or purge it first`)
    this.path = path
  }
}
