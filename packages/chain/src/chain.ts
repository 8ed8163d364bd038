import { ArgumentError, ClosedError, type RawMap } from '@millrace/core'
import { checkString, unknownName } from '@millrace/core/internal'
import { adoptChain } from './adopt.js'
import type { ChainFields } from './chain-fields.js'
import { readCounters } from './counters.js'
import { createChain } from './create.js'
import { StageNotReloadableError } from './errors/index.js'
import type { ChainHook, StagePrograms } from './hooks/hook.js'
import { KernelMechanics } from './mechanics.js'
import {
  type AdoptChainOptions,
  type CreateChainOptions,
  type CreateTcChainOptions,
  type CreateXdpChainOptions,
  checkDefinition,
  checkStageOptions,
  type PurgeChainOptions,
  type ReplaceStageOptions,
  type StageDefinition,
  type StageOptions,
  type StagePosition,
} from './options.js'
import { LinkedChain } from './plan/linked-chain.js'
import { planChange } from './plan/plan.js'
import { purgeChain } from './purge.js'
import { reportOf, type StageReport } from './report.js'
import { checkName } from './stage-name.js'
import { checkStageProgram } from './stages/check-program.js'
import { Stage } from './stages/stage.js'
import type { StageInstance } from './stages/stage-instance.js'
import { checkDistinct, indexOf, moved } from './stages/stage-list.js'
import { checkTailCalls } from './tail-calls.js'

/**
 * An ordered chain of programs on one hook, changed under traffic. Each stage gets the packets for which the stages before it had no
 * verdict; what none of them has decided on gets the chain's own, `end`.
 *
 * A change is one atomic step for packets: each sees the chain as it was before, or as it is after, complete. It is synchronous, and
 * done when the method returns. When it throws, the chain is what it was.
 *
 * A stage is any program that ends in `MR_STAGE` of `millrace/stage.h`. The chain loads it once more for itself, with all maps but
 * the slot shared with the object that it comes from: that may be closed, the same program may be in two chains, or twice in one.
 *
 * @typeParam H - the hook: a chain for XDP takes no tc programs, and the other way round
 *
 * @example
 * ```ts
 * import { TailCallChain } from '@millrace/chain'
 * import { load } from '@millrace/core'
 * import { counting } from './counting.bpf.js'
 *
 * using object = await load(counting)
 * using chain = await TailCallChain.create({ hook: 'xdp', interface: 'eth0' })
 * chain.append('all', object.programs.count)
 * chain.insertBefore('all', 'web', object.programs.countWeb)     // while traffic flows
 * console.table(chain.stages())
 * ```
 */
export class TailCallChain<H extends ChainHook = ChainHook> implements Disposable, AsyncDisposable {
  readonly hook: H
  /** name of the interface when the chain was attached */
  readonly interface: string
  readonly ifindex: number
  /** what keeps the chain on its hook: `link` or `netlink` on XDP, `tcx` or `clsact` on tc */
  readonly mechanism: string
  /** on XDP `native`, `generic` or `offload` */
  readonly mode: string | undefined
  /** why not by a better mechanism, or in a better mode; undefined: it has the best, or what was asked for, or was adopted */
  readonly reason: string | undefined
  /** folder of the chain's pins; undefined: it is not pinned */
  readonly path: string | undefined
  readonly #fields: ChainFields<H>
  readonly #mechanics: KernelMechanics
  readonly #chain: LinkedChain<Stage, StageInstance>
  #closed = false

  /** @internal */
  constructor(fields: ChainFields<H>) {
    const { kind, hook, folder, end, found } = fields
    this.hook = kind
    this.interface = hook.interface.name
    this.ifindex = hook.interface.index
    this.mechanism = hook.attachment.mechanism
    this.mode = hook.attachment.mode
    this.reason = hook.attachment.reason
    this.path = folder?.path
    this.#fields = fields
    this.#mechanics = new KernelMechanics(fields, found[0]?.program ?? end)
    this.#chain = new LinkedChain(
      this.#mechanics,
      found.map((work) => ({ stage: work.stage, work })),
    )
  }

  /**
   * Puts an empty chain on a hook.
   *
   * @throws ArgumentError for an option, interface, namespace or direction that does not exist
   * @throws AttachBusyError when another program, or chain, has the XDP hook
   * @throws ChainPinnedError when a chain of that name is pinned and at work
   * @throws ChainLockedError when somebody else holds it
   * @throws PinError, MissingCapabilityError, UnsupportedKernelError, and what `attachXdp` or `attachTc` throws
   * @kernel 5.10; a chain of `frags`: 5.18; pins of XDP links: 5.9; TCX: 6.6
   *
   * @example
   * ```ts
   * import { TailCallChain } from '@millrace/chain'
   *
   * using ingress = await TailCallChain.create({ hook: 'tc', interface: 'eth0', direction: 'ingress', order: 'first' })
   * using pinned = await TailCallChain.create({ hook: 'xdp', interface: 'eth0', pin: 'edge', end: 'drop' })
   * ```
   */
  static async create(options: CreateXdpChainOptions): Promise<TailCallChain<'xdp'>>
  static async create(options: CreateTcChainOptions): Promise<TailCallChain<'tc'>>
  static async create(options: CreateChainOptions[ChainHook]): Promise<TailCallChain> {
    return new TailCallChain(await createChain(options))
  }

  /**
   * Goes on with a chain that was pinned by a process that has ended, however it ended: a change that it did not finish is done, or
   * was never begun, and what is left of it is removed. Packets notice nothing.
   *
   * @throws ChainAdoptError when none is pinned by that name, or it is not at work on that hook
   * @throws ChainLockedError when another process holds it
   * @throws ArgumentError, NotAStageError for a program that is no stage for it
   * @throws PinError, MissingCapabilityError, KernelError
   *
   * @example
   * ```ts
   * import { TailCallChain } from '@millrace/chain'
   * import { load } from '@millrace/core'
   * import { counting } from './counting.bpf.js'
   *
   * using object = await load(counting)
   * const { count, countWeb } = object.programs
   * using chain = await TailCallChain.adopt({
   *   hook: 'xdp',
   *   interface: 'eth0',
   *   pin: 'edge',
   *   stages: { all: count, web: countWeb }, // what it takes to move them
   * })
   * chain.move('web', 'last')
   * ```
   */
  static async adopt(options: AdoptChainOptions<'xdp'>): Promise<TailCallChain<'xdp'>>
  static async adopt(options: AdoptChainOptions<'tc'>): Promise<TailCallChain<'tc'>>
  static async adopt(options: AdoptChainOptions<'xdp'> | AdoptChainOptions<'tc'>): Promise<TailCallChain> {
    return new TailCallChain(await adoptChain(options))
  }

  /**
   * Removes a pinned chain that nobody holds: from its hook, and all its pins. One that does not exist is no error, nor an
   * interface that is gone.
   *
   * @throws ChainLockedError when a process holds it
   * @throws ArgumentError for another hook, or interface of its namespace, than the one that netlink or clsact keep it on; a chain that a link
   * keeps is found by that
   * @throws PinError, UnexpectedProgramError, MissingCapabilityError, KernelError
   *
   * @example
   * ```ts
   * import { TailCallChain } from '@millrace/chain'
   *
   * await TailCallChain.purge({ hook: 'xdp', interface: 'eth0', pin: 'edge' })
   * ```
   */
  static async purge(options: PurgeChainOptions): Promise<void> {
    await purgeChain(options)
  }

  /** Names of the stages, in order. */
  get names(): string[] {
    return this.#chain.stages.map(({ name }) => name)
  }

  /** Whether it was closed or detached. */
  get closed(): boolean {
    return this.#closed
  }

  /**
   * Packets that found no next stage, in all stages that the chain has had in this process: a metric that should stay 0.
   *
   * @throws ClosedError
   */
  get missed(): bigint {
    this.#checkOpen()
    const maps = new Set(this.#chain.stages.flatMap(({ counters }) => counters ?? []))
    return [...maps].reduce((sum, map) => sum + readCounters(map).missed, this.#mechanics.missed)
  }

  /**
   * What each stage is and has done, in order; made for `console.table`.
   *
   * @throws ClosedError
   */
  stages(): StageReport[] {
    this.#checkOpen()
    const { kind, constants } = this.#fields
    return this.#chain.stages.map((stage) => reportOf(kind, stage, constants.timing))
  }

  /**
   * Adds a stage at the end.
   *
   * @throws DuplicateStageError, ChainFullError, NotAStageError, StageRefusedError
   * @throws UnexpectedProgramError when somebody has put another program on the hook
   * @throws InterfaceGoneError, ArgumentError, ClosedError, VerifierError, PinError, KernelError; all changes throw these
   */
  append(name: string, program: StagePrograms[H], options: StageOptions = {}): void {
    this.#insert(this.#chain.stages.length, name, program, options)
  }

  /** Adds a stage at the beginning. Throws as {@link TailCallChain.append} does. */
  prepend(name: string, program: StagePrograms[H], options: StageOptions = {}): void {
    this.#insert(0, name, program, options)
  }

  /**
   * Adds a stage directly in front of another one.
   *
   * @throws UnknownStageError when there is no `anchor`, and what {@link TailCallChain.append} throws
   */
  insertBefore(anchor: string, name: string, program: StagePrograms[H], options: StageOptions = {}): void {
    this.#insert(indexOf(this.#chain.stages, anchor), name, program, options)
  }

  /**
   * Adds a stage directly behind another one.
   *
   * @throws UnknownStageError when there is no `anchor`, and what {@link TailCallChain.append} throws
   */
  insertAfter(anchor: string, name: string, program: StagePrograms[H], options: StageOptions = {}): void {
    this.#insert(indexOf(this.#chain.stages, anchor) + 1, name, program, options)
  }

  /**
   * Puts another program in the place of a stage's. Its counters go on, unless `keepCounters` is false.
   *
   * @throws UnknownStageError, and what {@link TailCallChain.append} throws
   */
  replace(name: string, program: StagePrograms[H], options: ReplaceStageOptions = {}): void {
    this.#checkOpen()
    const stages = this.#chain.stages
    checkStageOptions(options, ['tailCalls', 'keepCounters'])
    this.#change(stages.with(indexOf(stages, name), this.#define({ ...options, name, program }, 'program')))
  }

  /**
   * Takes a stage out.
   *
   * @throws UnknownStageError, UnexpectedProgramError, InterfaceGoneError, ClosedError, KernelError
   */
  remove(name: string): void {
    this.#checkOpen()
    const stages = this.#chain.stages
    this.#change(stages.toSpliced(indexOf(stages, name), 1))
  }

  /**
   * Moves a stage to another place; its counters go with it.
   *
   * @throws UnknownStageError when there is no such stage, or none of the anchor's name
   * @throws StageNotReloadableError when this would load a stage again that was adopted without its program
   * @throws ArgumentError, and what {@link TailCallChain.append} throws
   */
  move(name: string, to: StagePosition): void {
    this.#checkOpen()
    this.#change(moved(this.#chain.stages, name, to))
  }

  /**
   * Makes the chain one of exactly these stages, in one step: a name stands for the stage that the chain has, a definition for a new one,
   * or, by the name of one that it has, for its replacement. So what belongs together changes together: a stage that leaves a note for
   * another in the packet's metadata, and the one that reads it.
   *
   * @throws UnknownStageError for a name that the chain does not have, and what {@link TailCallChain.append} throws
   *
   * @example
   * ```ts
   * import { TailCallChain } from '@millrace/chain'
   * import { load } from '@millrace/core'
   * import { counting } from './counting.bpf.js'
   *
   * using v2 = await load(counting)
   * using chain = await TailCallChain.adopt({ hook: 'xdp', interface: 'eth0', pin: 'edge' })
   * chain.apply([
   *   { name: 'all', program: v2.programs.count },
   *   'firewall', // stays
   *   { name: 'web', program: v2.programs.countWeb },
   * ])
   * ```
   */
  apply(stages: readonly (string | StageDefinition<H>)[]): void {
    this.#checkOpen()
    if (!Array.isArray(stages)) {
      throw new ArgumentError({ argument: 'stages', value: stages, expected: 'an array of names and definitions' })
    }
    const current = this.#chain.stages
    this.#change(
      // Also what an array with a hole does not have.
      Array.from<string | StageDefinition<H>, Stage>(stages, (it, index) => {
        if (typeof it === 'string') return current[indexOf(current, it)] as Stage
        return this.#define(checkDefinition(`stages[${index}]`, it), `stages[${index}].program`)
      }),
    )
  }

  /**
   * Opens a map of a stage, by its name in C, to look at it or to load the stage's next version with it
   * (`maps: { sessions: { replace } }`). The caller closes it.
   *
   * @throws UnknownStageError, ArgumentError when the stage has no such map, ClosedError
   */
  openMap(stage: string, map: string): RawMap {
    this.#checkOpen()
    const instance = this.#chain.instances[indexOf(this.#chain.stages, stage)]?.work as StageInstance
    const names = instance.mapNames()
    checkString('map', map)
    if (!names.includes(map)) throw unknownName('map', map, names, 'map')
    return instance.openMap(map)
  }

  /**
   * Resolves when no packet is on a way that has been changed or closed, and what was taken out is gone: some 10 ms after the last change.
   * Rejects when something could not be removed. Changes need not wait for it; one that comes before may load more stages again.
   */
  settled(): Promise<void> {
    return this.#chain.settled()
  }

  /**
   * Takes the chain off the hook, also if it is pinned, removes its pins, and closes this. From an interface that was deleted it is gone
   * already.
   *
   * @throws UnexpectedProgramError when somebody has put another program there; that one stays, and the chain is closed
   * @throws ClosedError
   */
  detach(): void {
    this.#checkOpen()
    const { hook, folder } = this.#fields
    this.#close(
      () => hook.attachment.detach(),
      () => folder?.remove(),
    )
  }

  /**
   * Lets go of the chain: one that is pinned goes on working, and can be adopted; any other is taken off the hook. What packets may still
   * be in is given back some milliseconds later: {@link TailCallChain.settled}. A second call does nothing.
   */
  close(): void {
    if (this.#closed) return
    const { hook, folder } = this.#fields
    if (folder === undefined) {
      this.#close(
        () => hook.attachment.close(),
        () => {},
      )
      return
    }
    this.#closed = true
    hook.attachment.leave()
    // Pinned, they stay what they are for packets.
    for (const { work } of this.#chain.instances) work.close()
    this.#fields.closeEnd()
    this.#chain.whenSettled(() => folder.release())
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** As `close()`, and waits until it is settled. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
    await this.settled()
  }

  #insert(index: number, name: string, program: StagePrograms[H], options: StageOptions): void {
    this.#checkOpen()
    checkStageOptions(options, ['tailCalls'])
    const stages = this.#chain.stages
    const stage = this.#define({ ...options, name, program }, 'program')
    checkDistinct([...stages, stage])
    this.#change(stages.toSpliced(index, 0, stage))
  }

  /** A stage that is not in the chain yet. */
  #define(definition: StageDefinition<H>, argument: string): Stage {
    const { name, program, tailCalls, keepCounters = true } = definition
    checkName('name', name)
    const { kind: hook, frags } = this.#fields
    checkStageProgram(argument, name, program, { hook, frags }, tailCalls)
    const replaced = this.#chain.stages.find((stage) => stage.name === name)
    return new Stage(name, program, {
      tailCalls: tailCalls ?? 0,
      ...(keepCounters && replaced !== undefined ? { counted: replaced.counted } : {}),
    })
  }

  #change(stages: readonly Stage[]): void {
    checkDistinct(stages)
    checkTailCalls(stages)
    this.#fields.hook.check(this.#mechanics.head)
    try {
      this.#chain.change(stages)
    } catch (error) {
      throw error instanceof StageNotReloadableError ? this.#withAdvice(error, stages) : error
    }
  }

  /** Whether it is only because of an earlier change that the stage would have to be loaded again. */
  #withAdvice({ stage }: StageNotReloadableError, stages: readonly Stage[]): StageNotReloadableError {
    const settled = this.#chain.instances.map((it) => ({ stage: it.stage, settled: true }))
    const later = planChange(settled, stages)?.fresh.some(({ name }) => name === stage) ?? false
    return new StageNotReloadableError({ stage, untilSettled: !later })
  }

  /** Takes it off the hook, and gives everything back when the last packet is through. */
  #close(detach: () => void, last: () => void): void {
    this.#closed = true
    try {
      detach()
    } finally {
      this.#chain.abandon()
      this.#chain.later(() => {
        this.#fields.closeEnd()
        last()
      })
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new ClosedError({ what: 'chain', name: this.#fields.hook.target })
  }
}
