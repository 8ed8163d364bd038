import type { Program, RawMap } from '@millrace/core'
import type { StageInstance } from './stage-instance.js'

/** The instances that count into one map, of a stage and of those that have replaced it. */
export type CountedInstances = Set<StageInstance>

/** What a stage is; its place in the chain is the matter of the list, and each {@link StageInstance} is one loaded copy of it. */
export class Stage {
  readonly name: string
  /** that its program makes itself, at most, on one packet's way */
  readonly tailCalls: number
  readonly counted: CountedInstances
  /** open, the newest last */
  readonly #instances: StageInstance[] = []
  readonly #program: Program | undefined

  /**
   * @param program - the user's; undefined: not known, the stage was adopted
   * @param counted - of the stage that this one replaces and whose counters it goes on with
   */
  constructor(
    name: string,
    program: Program | undefined,
    { tailCalls = 0, counted = new Set() }: { readonly tailCalls?: number; readonly counted?: CountedInstances } = {},
  ) {
    this.name = name
    this.#program = program
    this.tailCalls = tailCalls
    this.counted = counted
  }

  /**
   * What to load once more: the program of an instance, as its maps are open whatever the user has closed. Undefined: there is
   * none in this process.
   */
  get template(): Program | undefined {
    return this.#instances.findLast(({ reloadable }) => reloadable)?.program ?? this.#program
  }

  /** The map that its instances count into; undefined: there is no instance. */
  get counters(): RawMap | undefined {
    return [...this.counted].at(-1)?.counters
  }

  /** Its program at work. */
  get program(): Program | undefined {
    return this.#instances.at(-1)?.program ?? this.#program
  }

  hold(instance: StageInstance): void {
    this.#instances.push(instance)
    this.counted.add(instance)
  }

  letGo(instance: StageInstance): void {
    this.#instances.splice(this.#instances.indexOf(instance), 1)
    this.counted.delete(instance)
  }
}
