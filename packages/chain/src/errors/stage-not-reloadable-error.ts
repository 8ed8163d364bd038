import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_STAGE_NOT_RELOADABLE`: the change needs a stage to be loaded again, since it would lead to another next stage than before, and
 * this process does not have its program: the chain was adopted without it. Hand it to `TailCallChain.adopt` in `stages`, or
 * replace the stage in the same step. Where `untilSettled` is true it is only because packets of an earlier change may still be
 * under way: `await chain.settled()`, and try again. Nothing was changed.
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

  /** whether the change can be made as soon as the chain is settled */
  readonly untilSettled: boolean

  constructor({ stage, untilSettled = false }: { readonly stage: string; readonly untilSettled?: boolean }) {
    super(
      `stage ${stage} has to be loaded again for this change, and was adopted without its program: ` +
        (untilSettled
          ? 'it does not have to be once the chain is settled, so await chain.settled() first'
          : `pass it to adopt as stages: { ${JSON.stringify(stage)}: program }, or replace the stage in the same step`) +
        '; nothing was changed',
    )
    this.stage = stage
    this.untilSettled = untilSettled
  }
}
