import type { ChainHook, StagePosition, TailCallChain } from '../src/index.js'
import type { Marks } from './marks.js'

/** Numbers that only look random: the same for the same seed. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

export const kinds = ['append', 'prepend', 'insertBefore', 'insertAfter', 'replace', 'remove', 'move', 'apply'] as const

/** A chain of marks, and what packets may see of it. */
export class ChangedChain<H extends ChainHook> {
  readonly chain: TailCallChain<H>
  readonly #marks: Marks<H>
  readonly #ids: readonly number[]
  readonly #random: (below: number) => number
  /** by stage */
  #now: readonly (readonly [name: string, id: number])[] = []
  #made = 0
  /** all that the chain has been, as packets tell it */
  readonly states = new Set<string>([''])
  readonly done = new Map<string, number>()

  constructor(chain: TailCallChain<H>, marks: Marks<H>, ids: readonly number[], random: (below: number) => number) {
    this.chain = chain
    this.#marks = marks
    this.#ids = ids
    this.#random = random
  }

  /** Any change, at any place. The chain stays short, so that most changes are in the middle of something. */
  change(): void {
    const crowded = this.#now.length > 7
    const kind = this.#now.length < 2 ? 'append' : crowded ? 'remove' : (this.#any(kinds) as (typeof kinds)[number])
    this.#now = this[kind]()
    this.done.set(kind, (this.done.get(kind) ?? 0) + 1)
    this.states.add(this.#now.map(([, id]) => id).join(' '))
  }

  private append() {
    const [name, id] = this.#fresh()
    this.chain.append(name, this.#marks.of(id))
    return this.#now.toSpliced(this.#now.length, 0, [name, id])
  }

  private prepend() {
    const [name, id] = this.#fresh()
    this.chain.prepend(name, this.#marks.of(id))
    return this.#now.toSpliced(0, 0, [name, id])
  }

  private insertBefore() {
    const [name, id] = this.#fresh()
    const index = this.#random(this.#now.length)
    this.chain.insertBefore(this.#nameAt(index), name, this.#marks.of(id))
    return this.#now.toSpliced(index, 0, [name, id])
  }

  private insertAfter() {
    const [name, id] = this.#fresh()
    const index = this.#random(this.#now.length)
    this.chain.insertAfter(this.#nameAt(index), name, this.#marks.of(id))
    return this.#now.toSpliced(index + 1, 0, [name, id])
  }

  private replace() {
    const index = this.#random(this.#now.length)
    const id = this.#any(this.#ids)
    this.chain.replace(this.#nameAt(index), this.#marks.of(id))
    return this.#now.with(index, [this.#nameAt(index), id])
  }

  private remove() {
    const index = this.#random(this.#now.length)
    this.chain.remove(this.#nameAt(index))
    return this.#now.toSpliced(index, 1)
  }

  private move() {
    const from = this.#random(this.#now.length)
    const moved = this.#now.slice(from, from + 1)
    const others = this.#now.toSpliced(from, 1)
    const to = this.#random(others.length + 1)
    const after = others[to - 1]?.[0]
    const position: StagePosition = after === undefined ? 'first' : { after }
    this.chain.move(this.#nameAt(from), position)
    return others.toSpliced(to, 0, ...moved)
  }

  /** Keeps some, replaces some, leaves some out, and puts new ones anywhere. */
  private apply() {
    const wanted = this.#now.flatMap((stage) => {
      const [name] = stage
      const chance = this.#random(6)
      if (chance === 0) return []
      if (chance === 1) return [[name, this.#any(this.#ids)] as const]
      return chance === 2 ? [stage, this.#fresh()] : [stage]
    })
    this.chain.apply(
      wanted.map((stage) =>
        this.#now.includes(stage) ? stage[0] : { name: stage[0], program: this.#marks.of(stage[1]) },
      ),
    )
    return wanted
  }

  #fresh(): readonly [string, number] {
    return [`s${this.#made++}`, this.#any(this.#ids)]
  }

  #nameAt(index: number): string {
    return this.#now[index]?.[0] ?? ''
  }

  #any<T>(list: readonly T[]): T {
    return list[this.#random(list.length)] as T
  }
}
