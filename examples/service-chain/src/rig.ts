import type { ChainHook, StagePrograms, StageReport, TailCallChain } from '@millrace/chain'
import { median } from '@millrace/example-common'

/** The network functions, in the order in which they belong. */
export const STAGES = ['parser', 'firewall', 'counter', 'limiter'] as const
export type StageName = (typeof STAGES)[number]

/** The programs of one version of the stages. */
export type Version<H extends ChainHook> = Readonly<Record<StageName, StagePrograms[H]>>

/** How long changes took, in microseconds. */
export interface ChangeFigures {
  readonly count: number
  readonly medianMicros: number
  readonly longestMicros: number
}

export interface RigStage extends StageReport {
  /** 1 or 2 */
  readonly version: number
}

/** A chain and the functions that may go into it. */
export class Rig<H extends ChainHook> {
  readonly chain: TailCallChain<H>
  readonly #versions: readonly [Version<H>, Version<H>]
  /** by stage: the index of the version that was put in last */
  readonly #current = new Map<string, 0 | 1>()
  /** microseconds */
  readonly #changes: number[] = []

  constructor(chain: TailCallChain<H>, versions: readonly [Version<H>, Version<H>]) {
    this.chain = chain
    this.#versions = versions
  }

  get changes(): ChangeFigures {
    // Of so many that spreading them into a call would be too much.
    const longestMicros = this.#changes.reduce((longest, it) => Math.max(longest, it), 0)
    return { count: this.#changes.length, medianMicros: median(this.#changes), longestMicros }
  }

  stages(): RigStage[] {
    return this.chain.stages().map((it) => ({ ...it, version: (this.#current.get(it.name) ?? 0) + 1 }))
  }

  has(name: StageName): boolean {
    return this.chain.names.includes(name)
  }

  /** Puts a stage in its place among those that are there. */
  insert(name: StageName): string {
    const program = this.#versions[0][name]
    const after = STAGES.slice(STAGES.indexOf(name) + 1).find((it) => this.has(it))
    this.#current.set(name, 0)
    this.#timed(() => {
      if (after === undefined) this.chain.append(name, program)
      else this.chain.insertBefore(after, name, program)
    })
    return after === undefined ? `${name} appended` : `${name} inserted before ${after}`
  }

  remove(name: StageName): string {
    this.#timed(() => this.chain.remove(name))
    return `${name} removed`
  }

  toggle(name: StageName): string {
    return this.has(name) ? this.remove(name) : this.insert(name)
  }

  /** Puts the other version of a stage in its place; its counters and its tables go on. */
  swap(name: StageName): string {
    if (!this.has(name)) return `there is no ${name} to swap`
    const next = this.#current.get(name) === 1 ? 0 : 1
    this.#timed(() => this.chain.replace(name, this.#versions[next][name]))
    this.#current.set(name, next)
    return `${name} swapped for version ${next + 1}`
  }

  moveFirst(name: StageName): string {
    if (!this.has(name)) return `there is no ${name} to move`
    this.#timed(() => this.chain.move(name, 'first'))
    return `${name} moved to the front`
  }

  /** All of them in another order, in one step. */
  reverse(): string {
    this.#timed(() => this.chain.apply([...this.chain.names].reverse()))
    return 'all stages in reverse order, in one step'
  }

  /** Every stage in its place, in one step, whatever there was. */
  restore(): string {
    this.#timed(() =>
      this.chain.apply(STAGES.map((name) => (this.has(name) ? name : { name, program: this.#versions[0][name] }))),
    )
    return `${STAGES.join(', ')}, in one step`
  }

  /** One change picked at random. */
  shuffle(random: () => number = Math.random): string {
    const name = STAGES[Math.floor(random() * STAGES.length)] ?? STAGES[0]
    if (!this.has(name)) return this.insert(name)
    const changes = [() => this.remove(name), () => this.swap(name), () => this.moveFirst(name), () => this.reverse()]
    return (changes[Math.floor(random() * changes.length)] ?? (() => this.restore()))()
  }

  #timed(change: () => void): void {
    const before = performance.now()
    change()
    this.#changes.push((performance.now() - before) * 1_000)
  }
}
