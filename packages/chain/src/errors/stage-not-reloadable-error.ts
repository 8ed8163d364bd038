import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_STAGE_NOT_RELOADABLE`: the change needs stages to be loaded again, since they would lead to another next stage than before, and
 * this process does not have their programs: the chain was adopted without them. Hand them to `TailCallChain.adopt` as `stages`, or
 * replace these stages in the same step. Nothing was changed.
 *
 * @example
 * ```ts
 * import { StageNotReloadableError, TailCallChain } from '@millrace/chain'
 *
 * using chain = await TailCallChain.adopt({ hook: 'xdp', interface: 'eth0', pin: 'edge' })
 * try {
 *   chain.move('firewall', 'last')
 * } catch (error) {
 *   if (error instanceof StageNotReloadableError) console.error(error.stage)
 * }
 * ```
 */
export class StageNotReloadableError extends MillraceError {
  static {
    brand(StageNotReloadableError, 'StageNotReloadableError')
  }

  override readonly code = 'ERR_STAGE_NOT_RELOADABLE'
  readonly stage: string

  constructor({ stage }: { readonly stage: string }) {
    super(
      `stage ${stage} has to be loaded again for this change, and was adopted without its program: pass it to adopt as ` +
        `stages: { ${JSON.stringify(stage)}: program }, or replace the stage in the same step; nothing was changed`,
    )
    this.stage = stage
  }
}
