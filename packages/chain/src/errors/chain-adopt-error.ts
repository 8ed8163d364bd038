import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_CHAIN_ADOPT`: what is pinned is no chain that is at work on that hook: none was pinned by that name, the hook has another
 * program, or somebody has taken pins away. `purge` removes what is left.
 *
 * @example
 * ```ts
 * import { ChainAdoptError, TailCallChain } from '@millrace/chain'
 *
 * const where = { hook: 'xdp', interface: 'eth0', pin: 'edge' } as const
 * const chain = await TailCallChain.adopt(where).catch((error: unknown) => {
 *   if (error instanceof ChainAdoptError) return TailCallChain.create(where)
 *   throw error
 * })
 * ```
 */
export class ChainAdoptError extends MillraceError {
  static {
    brand(ChainAdoptError, 'ChainAdoptError')
  }

  override readonly code = 'ERR_CHAIN_ADOPT'
  /** folder of the chain */
  readonly path: string
  readonly reason: string

  constructor({ path, reason }: { readonly path: string; readonly reason: string }) {
    super(`the chain pinned at ${path} cannot be adopted: ${reason}`)
    this.path = path
    this.reason = reason
  }
}
