import { MillraceError } from '@millrace/core'
import { brand, suggest } from '@millrace/core/internal'

/**
 * `ERR_UNKNOWN_STAGE`: the chain has no stage of that name, or not any more. Nothing was changed.
 *
 * @example
 * ```ts
 * import { TailCallChain, UnknownStageError } from '@millrace/chain'
 *
 * using chain = await TailCallChain.create({ hook: 'xdp', interface: 'eth0' })
 * try {
 *   chain.remove('firewal')
 * } catch (error) {
 *   if (error instanceof UnknownStageError) console.error(error.stage, error.stages, error.suggestion)
 * }
 * ```
 */
export class UnknownStageError extends MillraceError {
  static {
    brand(UnknownStageError, 'UnknownStageError')
  }

  override readonly code = 'ERR_UNKNOWN_STAGE'
  /** what was asked for */
  readonly stage: string
  /** those that the chain has, in order */
  readonly stages: readonly string[]
  /** one that was probably meant */
  readonly suggestion: string | undefined

  constructor({ stage, stages }: { readonly stage: string; readonly stages: readonly string[] }) {
    const suggestion = suggest(stage, stages)
    const has = stages.length === 0 ? 'it is empty' : `it has ${stages.join(', ')}`
    super(`the chain has no stage ${stage}: ${has}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`)
    this.stage = stage
    this.stages = stages
    this.suggestion = suggestion
  }
}
