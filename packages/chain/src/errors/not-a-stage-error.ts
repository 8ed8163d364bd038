import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_NOT_A_STAGE`: the program does not go on to a next stage, or cannot be loaded once more, as the chain does with each
 * stage. Nothing was changed.
 *
 * @example
 * ```ts
 * import { NotAStageError, TailCallChain } from '@millrace/chain'
 * import { load } from '@millrace/core'
 * import { firewall } from './firewall.bpf.js'
 *
 * using object = await load(firewall)
 * using chain = await TailCallChain.create({ hook: 'xdp', interface: 'eth0' })
 * try {
 *   chain.append('firewall', object.programs.firewall)
 * } catch (error) {
 *   if (error instanceof NotAStageError) console.error(error.program, error.message)
 * }
 * ```
 */
export class NotAStageError extends MillraceError {
  static {
    brand(NotAStageError, 'NotAStageError')
  }

  override readonly code = 'ERR_NOT_A_STAGE'
  /** name of the program */
  readonly program: string

  constructor({ program, reason }: { readonly program: string; readonly reason: string }) {
    super(`program ${program} is no stage: ${reason}`)
    this.program = program
  }
}
