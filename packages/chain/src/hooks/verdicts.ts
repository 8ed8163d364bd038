import { checkOneOf } from '@millrace/core/internal'
import { xdpActionName } from '@millrace/xdp'
import { VERDICTS } from '../counters.js'
import type { ChainHook } from './hook.js'

/** What can become of packets that no stage has decided on. */
export interface ChainEnd {
  /** `pass`: on to the stack */
  readonly xdp: 'pass' | 'drop' | 'aborted' | 'tx'
  /** `next`: the hook's other programs decide, and the stack gets what none of them takes; `pass`: on to the stack, past them */
  readonly tc: 'next' | 'pass' | 'drop'
}

const ends: { readonly [H in ChainHook]: Readonly<Record<ChainEnd[H], number>> } = {
  xdp: { pass: 2, drop: 1, aborted: 0, tx: 3 },
  tc: { next: -1, pass: 0, drop: 2 },
}

/** The number of what the chain ends with. */
export function checkEnd(hook: ChainHook, end: string = hook === 'xdp' ? 'pass' : 'next'): number {
  const numbers: Readonly<Record<string, number>> = ends[hook]
  return numbers[checkOneOf('options.end', end, Object.keys(numbers))] ?? 0
}

/** Verdicts of tc from -1 on, as `@millrace/tc` names them. */
const tcNames = ['next', 'pass', 'reclassify', 'drop', 'pipe', 'stolen', 'queued', 'repeat', 'redirect', 'trap']

/** What a stage has decided, by name, without those that did not occur. */
export function namedVerdicts(hook: ChainHook, counts: readonly bigint[]): Record<string, bigint> {
  return Object.fromEntries(
    counts.flatMap((count, slot) => (count === 0n ? [] : [[nameOf(hook, slot), count] as const])),
  )
}

/** The slots are those of millrace/stage.h. */
function nameOf(hook: ChainHook, slot: number): string {
  if (slot === VERDICTS - 1) return 'other'
  return hook === 'xdp' ? xdpActionName(slot) : (tcNames[slot] ?? `action ${slot - 1}`)
}
