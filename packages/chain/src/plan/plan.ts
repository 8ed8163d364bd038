/** A stage at work: one loaded copy of its program, in its place in the chain. */
export interface Placed<S> {
  readonly stage: S
  /**
   * False while a packet may be in it that came by a way which has been changed since. What follows it in the chain is not
   * settled either.
   */
  readonly settled: boolean
}

/** How one chain becomes another by a single write. */
export interface Plan<S, I> {
  /** kept, in front; the last one's slot, or the hook where there is none, is what is written */
  readonly before: readonly I[]
  /** to be made, and wired to each other and to what follows, before that write */
  readonly fresh: readonly S[]
  /** out of the chain after that write */
  readonly retired: readonly I[]
  /** kept, behind */
  readonly after: readonly I[]
}

/**
 * The plan that leads from the chain as it is to the stages wanted, with as few new instances as there can be; undefined when
 * it is so already.
 *
 * A packet reads each slot that it passes once, so one write is one step for it, wherever it is: in front of the slot it
 * will see the new chain, behind it it has seen the old one. That holds for one change at a time. A packet behind the slot is on
 * the old way, though, and the stages kept behind are on both ways: a second write among them, while the packet is still under
 * way, would show it the beginning of the chain before both changes and the end of the chain after both, which was at no time
 * the chain. So nothing is written into an instance that is not settled: the write goes to the last one in front of it, and the
 * instances between are made anew.
 */
export function planChange<S, I extends Placed<S>>(
  current: readonly I[],
  wanted: readonly S[],
): Plan<S, I> | undefined {
  const shorter = Math.min(current.length, wanted.length)
  let head = 0
  while (head < shorter && isKept(current[head], wanted[head]) && current[head]?.settled) head++
  let tail = 0
  while (tail < shorter - head && isKept(current.at(-1 - tail), wanted.at(-1 - tail))) tail++

  const fresh = wanted.slice(head, wanted.length - tail)
  const retired = current.slice(head, current.length - tail)
  if (fresh.length === 0 && retired.length === 0) return undefined
  return { before: current.slice(0, head), fresh, retired, after: current.slice(current.length - tail) }
}

function isKept<S>(instance: Placed<S> | undefined, stage: S | undefined): boolean {
  return instance !== undefined && instance.stage === stage
}
