import { load } from '@millrace/core'
import type { MrCounter } from './generated/witnesses.bpf.js'
import { witnesses } from './generated/witnesses.bpf.js'

/** The programs of witnesses.bpf.c, and what they tell. */
export async function loadWitnesses() {
  const object = await load(witnesses)
  const { seen, trail, verdict } = object.maps
  const packets = (index: number) =>
    (seen.get(index) ?? []).reduce((sum: number, { packets }: MrCounter) => sum + Number(packets), 0)
  return {
    programs: object.programs,
    /** Letters of the programs that the last packet has met, in that order; '' since the last call. */
    takeTrail(): string {
      const met = trail.get(0) ?? 0
      trail.set(0, 0)
      return met === 0 ? '' : met.toString(16)
    },
    /** By those that drop, and by the one that ends the walk. */
    counts: () => ({ first: packets(4), second: packets(5), stop: packets(6) }),
    /** What the program `decide` returns from now on. */
    decide: (action: number) => verdict.set(0, action),
    clear: () => seen.clear(),
    close: () => object.close(),
  }
}
