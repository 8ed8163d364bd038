import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_STAGE_REFUSED`: the program is a stage, but the kernel would not let this chain go on to it, or not reliably: it was not
 * compiled to machine code while the others were, or makes tail calls of its own that nobody has counted. Nothing was changed.
 *
 * @example
 * ```ts
 * import { StageRefusedError, TailCallChain } from '@millrace/chain'
 * import { load } from '@millrace/core'
 * import { counting } from './counting.bpf.js'
 *
 * using object = await load(counting)
 * using chain = await TailCallChain.create({ hook: 'xdp', interface: 'eth0' })
 * try {
 *   chain.append('count', object.programs.count)
 * } catch (error) {
 *   if (error instanceof StageRefusedError) console.error(error.stage, error.reason)
 * }
 * ```
 */
export class StageRefusedError extends MillraceError {
  static {
    brand(StageRefusedError, 'StageRefusedError')
  }

  override readonly code = 'ERR_STAGE_REFUSED'
  readonly stage: string
  /** name of the program */
  readonly program: string
  readonly reason: string

  constructor(fields: {
    readonly stage: string
    readonly program: string
    readonly reason: string
    readonly cause?: unknown
  }) {
    const { stage, program, reason, cause } = fields
    super(`stage ${stage} cannot be program ${program}: ${reason}`, { cause })
    this.stage = stage
    this.program = program
    this.reason = reason
  }
}
