import { GracePeriods } from './grace-periods.js'
import { type Placed, planChange } from './plan.js'

/** What a {@link LinkedChain} does to the world: loads programs, writes slots, waits for packets. */
export interface Mechanics<S, W> {
  /** Makes an instance of the stage that leads to `next`, or to the end of the chain. No packet can reach it yet. */
  make(stage: S, next: W | undefined): W
  /** The one write: makes `from`, or the hook, lead to `to`, or to the end of the chain. */
  lead(from: W | undefined, to: W | undefined): void
  /** Gives back what no packet is in and none can reach. */
  discard(work: W): void
  /** Resolves once every packet that was under way when it was called is through. */
  wait(): Promise<void>
}

/** An instance in the list; `work` is what the mechanics made of its stage. */
export interface Instance<S, W> extends Placed<S> {
  readonly work: W
}

/** One with the number of the change that took packets off the way to it; undefined: settled. */
class Entry<S, W> implements Instance<S, W> {
  readonly stage: S
  readonly work: W
  unsettledBy: number | undefined

  constructor(stage: S, work: W) {
    this.stage = stage
    this.work = work
  }

  get settled(): boolean {
    return this.unsettledBy === undefined
  }
}

/**
 * The instances of a chain, in order, and the one way to change them. See {@link planChange} for what a change is; this carries
 * it out. When a step fails, what was made for the change is discarded, and the chain is what it was.
 */
export class LinkedChain<S, W> {
  readonly #mechanics: Mechanics<S, W>
  readonly #gracePeriods: GracePeriods
  #entries: readonly Entry<S, W>[]
  #changes = 0

  /** @param found - what is at work already; no packet is on another way */
  constructor(mechanics: Mechanics<S, W>, found: readonly { readonly stage: S; readonly work: W }[] = []) {
    this.#mechanics = mechanics
    this.#gracePeriods = new GracePeriods(() => mechanics.wait())
    this.#entries = found.map(({ stage, work }) => new Entry(stage, work))
  }

  get instances(): readonly Instance<S, W>[] {
    return this.#entries
  }

  get stages(): S[] {
    return this.#entries.map(({ stage }) => stage)
  }

  /** Makes the chain that of these stages. Each packet sees the chain before or after. */
  change(wanted: readonly S[]): void {
    const plan = planChange(this.#entries, wanted)
    if (plan === undefined) return
    const { before, retired, after } = plan
    const fresh = this.#make(plan.fresh, after[0]?.work)
    try {
      this.#mechanics.lead(before.at(-1)?.work, (fresh[0] ?? after[0])?.work)
    } catch (error) {
      this.#discard(fresh)
      throw error
    }
    this.#entries = [...before, ...fresh, ...after]
    this.#retire(retired, after)
  }

  /** Takes all instances out of the list, without a write: the hook does not lead to them any more. */
  abandon(): void {
    const retired = this.#entries
    this.#entries = []
    this.#retire(retired, [])
  }

  /** Runs `task` once no packet is under way that is now. */
  later(task: () => void): void {
    this.#gracePeriods.after(task)
  }

  /** Runs `task` at once if all is settled, else when it is. */
  whenSettled(task: () => void): void {
    this.#gracePeriods.whenIdle(task)
  }

  /** Resolves when no packet is on a way that has been changed, and what was taken out is discarded. */
  settled(): Promise<void> {
    return this.#gracePeriods.settled()
  }

  /** The last first, so that each leads to one that is there. */
  #make(stages: readonly S[], after: W | undefined): Entry<S, W>[] {
    const made: Entry<S, W>[] = []
    try {
      for (const stage of stages.toReversed()) {
        made.unshift(new Entry(stage, this.#mechanics.make(stage, (made[0]?.work ?? after) as W | undefined)))
      }
    } catch (error) {
      this.#discard(made)
      throw error
    }
    return made
  }

  #retire(retired: readonly Entry<S, W>[], after: readonly Entry<S, W>[]): void {
    const change = ++this.#changes
    for (const entry of after) entry.unsettledBy = change
    this.#gracePeriods.after(() => {
      this.#discard(retired)
      // One that a later change has unsettled again waits for that.
      for (const entry of after) if (entry.unsettledBy === change) entry.unsettledBy = undefined
    })
  }

  #discard(entries: readonly Entry<S, W>[]): void {
    for (const { work } of entries) this.#mechanics.discard(work)
  }
}
