import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_DUPLICATE_STAGE`: the chain would have two stages of one name. The same program may be in a chain more than once, by
 * different names. Nothing was changed.
 *
 * @example
 * ```ts
 * import { DuplicateStageError, TailCallChain } from '@millrace/chain'
 * import { load } from '@millrace/core'
 * import { counting } from './counting.bpf.js'
 *
 * using object = await load(counting)
 * using chain = await TailCallChain.create({ hook: 'xdp', interface: 'eth0' })
 * chain.append('count', object.programs.count)
 * try {
 *   chain.append('count', object.programs.count)
 * } catch (error) {
 *   if (error instanceof DuplicateStageError) console.error(error.stage)
 * }
 * ```
 */
export class DuplicateStageError extends MillraceError {
  static {
    brand(DuplicateStageError, 'DuplicateStageError')
  }

  override readonly code = 'ERR_DUPLICATE_STAGE'
  readonly stage: string

  constructor({ stage }: { readonly stage: string }) {
    super(
      `the chain would have two stages ${stage}: replace the one it has, or choose another name; nothing was changed`,
    )
    this.stage = stage
  }
}
