import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_CHAIN_LOCKED`: another process, or another chain object of this one, holds the pinned chain. It is free when that closes its
 * chain or ends.
 *
 * @example
 * ```ts
 * import { ChainLockedError, TailCallChain } from '@millrace/chain'
 *
 * try {
 *   using chain = await TailCallChain.adopt({ hook: 'xdp', interface: 'eth0', pin: 'edge' })
 * } catch (error) {
 *   if (error instanceof ChainLockedError) console.error(error.path, error.pid)
 * }
 * ```
 */
export class ChainLockedError extends MillraceError {
  static {
    brand(ChainLockedError, 'ChainLockedError')
  }

  override readonly code = 'ERR_CHAIN_LOCKED'
  /** folder of the chain */
  readonly path: string
  /** of the holder; undefined: it cannot be told, as of one in another pid namespace */
  readonly pid: number | undefined

  constructor({ path, pid }: { readonly path: string; readonly pid: number | undefined }) {
    const holder = pid === undefined ? 'another process' : pid === process.pid ? 'this process' : `process ${pid}`
    super(`the chain pinned at ${path} is held by ${holder}; it is free when that closes it or ends`)
    this.path = path
    this.pid = pid
  }
}
