import { ChainFullError } from './errors/index.js'

/** MAX_TAIL_CALL_CNT of the kernel: how many tail calls one packet may take, at one hook. */
export const MAX_TAIL_CALLS = 33

/**
 * Each stage takes one, to the next or to the end of the chain, and those that it makes itself on the way there.
 *
 * @throws ChainFullError
 */
export function checkTailCalls(stages: readonly { readonly tailCalls: number }[]): void {
  const tailCalls = stages.reduce((sum, stage) => sum + 1 + stage.tailCalls, 0)
  if (tailCalls > MAX_TAIL_CALLS) throw new ChainFullError({ stages: stages.length, tailCalls, limit: MAX_TAIL_CALLS })
}
