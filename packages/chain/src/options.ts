import { ArgumentError, Program } from '@millrace/core'
import { checkBoolean, checkInteger, checkOneOf, checkOptions, checkString } from '@millrace/core/internal'
import type { AttachTcOptions, TcDirection } from '@millrace/tc'
import type { AttachXdpOptions } from '@millrace/xdp'
import type { ChainHook, StagePrograms } from './hooks/hook.js'
import type { ChainEnd } from './hooks/verdicts.js'
import { ChainFolder, DEFAULT_PIN_ROOT } from './pins/chain-folder.js'
import { checkName } from './stage-name.js'

/** Where a chain stands on XDP. */
export interface XdpPlace {
  readonly hook: 'xdp'
  /** name or index */
  readonly interface: string | number
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
}

/** Where a chain stands on tc. */
export interface TcPlace {
  readonly hook: 'tc'
  /** name or index */
  readonly interface: string | number
  readonly direction: TcDirection
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
}

/** What the stages of a chain are to do besides their work. */
export interface StageBehaviour {
  /** count packets, bytes and verdicts of each stage, 2 to 3 ns a packet and stage; default true. Missed stages are always counted */
  readonly counting?: boolean | undefined
  /** take the time of each stage as well, some 50 ns a packet and stage; default false */
  readonly timing?: boolean | undefined
}

/** Where a chain is pinned. */
export interface PinPlace {
  /** name of the chain, a folder below `chain` in `pinRoot` */
  readonly pin: string
  /** a folder on a bpf filesystem; default `/sys/fs/bpf/millrace` */
  readonly pinRoot?: string | undefined
}

/** Options of {@link TailCallChain.create} for XDP. */
export interface CreateXdpChainOptions extends XdpPlace, StageBehaviour, Partial<PinPlace> {
  /** as with `attachXdp`: `auto`, the default, is native where the driver can and generic where not */
  readonly mode?: AttachXdpOptions['mode']
  /** as with `attachXdp`: `auto`, the default, is a link, and netlink where the kernel gives none */
  readonly mechanism?: AttachXdpOptions['mechanism']
  /** stages take packets in several buffers (section `xdp.frags`), all of them; default false: none does. Linux 5.18 */
  readonly frags?: boolean | undefined
  /** what becomes of packets that no stage has decided on; default `pass` */
  readonly end?: ChainEnd['xdp'] | undefined
}

/** Options of {@link TailCallChain.create} for tc. */
export interface CreateTcChainOptions extends TcPlace, StageBehaviour, Partial<PinPlace> {
  /** as with `attachTc`: where among the other programs of the hook; default `last` */
  readonly order?: AttachTcOptions['order']
  /** as with `attachTc`: `auto`, the default, is TCX, and clsact where the kernel has no TCX */
  readonly mechanism?: AttachTcOptions['mechanism']
  /** what becomes of packets that no stage has decided on; default `next`: the hook's other programs decide */
  readonly end?: ChainEnd['tc'] | undefined
}

/** Options of {@link TailCallChain.create}, by hook. */
export interface CreateChainOptions {
  readonly xdp: CreateXdpChainOptions
  readonly tc: CreateTcChainOptions
}

/** Options of {@link TailCallChain.adopt}, by hook. */
export type AdoptChainOptions<H extends ChainHook> = { readonly xdp: XdpPlace; readonly tc: TcPlace }[H] &
  PinPlace &
  StageBehaviour & {
    /**
     * Programs by stage, for changes that need stages to be loaded again. What is at work stays so until then. Stages that the chain
     * does not have are left out of account.
     */
    readonly stages?: Readonly<Record<string, StagePrograms[H]>> | undefined
  }

/** Options of {@link TailCallChain.purge}. */
export type PurgeChainOptions = (XdpPlace | TcPlace) & PinPlace

/** Options of a stage that is added. */
export interface StageOptions {
  /** the most tail calls that the program makes itself on one packet's way; needed when it has program arrays besides `mr_next` */
  readonly tailCalls?: number | undefined
}

/** Options of {@link TailCallChain.replace}. */
export interface ReplaceStageOptions extends StageOptions {
  /** the counters go on from where they are; default true */
  readonly keepCounters?: boolean | undefined
}

/** A stage for {@link TailCallChain.apply}: a new one, or, by the name of one that the chain has, its replacement. */
export interface StageDefinition<H extends ChainHook> extends ReplaceStageOptions {
  readonly name: string
  readonly program: StagePrograms[H]
}

/** Where to move a stage. */
export type StagePosition = 'first' | 'last' | { readonly before: string } | { readonly after: string }

const place = ['hook', 'interface', 'netns']
const pins = ['pin', 'pinRoot']
const behaviour = ['counting', 'timing']

const known: Readonly<Record<'create' | 'adopt' | 'purge', Readonly<Record<ChainHook, readonly string[]>>>> = {
  create: {
    xdp: [...place, ...pins, ...behaviour, 'end', 'mode', 'mechanism', 'frags'],
    tc: [...place, ...pins, ...behaviour, 'end', 'direction', 'order', 'mechanism'],
  },
  adopt: {
    xdp: [...place, ...pins, ...behaviour, 'stages'],
    tc: [...place, ...pins, ...behaviour, 'stages', 'direction'],
  },
  purge: { xdp: [...place, ...pins], tc: [...place, ...pins, 'direction'] },
}

/** Checks the names of options, and which hook it is about; the values that are the hook's own are checked by attaching. */
export function checkHook(operation: keyof typeof known, options: { readonly hook?: unknown }): ChainHook {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentError({ argument: 'options', value: options, expected: 'an object of options' })
  }
  const hook = checkOneOf('options.hook', options.hook, ['xdp', 'tc'])
  checkOptions('options', options, known[operation][hook])
  return hook
}

/** What {@link StageBehaviour} says, with its defaults. */
export function checkBehaviour({ counting = true, timing = false }: StageBehaviour): {
  readonly counting: boolean
  readonly timing: boolean
} {
  return { counting: checkBoolean('options.counting', counting), timing: checkBoolean('options.timing', timing) }
}

/** The chain's folder; undefined: not to be pinned. */
export function checkPin({ pin, pinRoot = DEFAULT_PIN_ROOT }: Partial<PinPlace>): string | undefined {
  checkString('options.pinRoot', pinRoot)
  return pin === undefined ? undefined : ChainFolder.pathOf(pinRoot, checkName('options.pin', pin))
}

/** The same where there must be one. */
export function needPin(options: PinPlace): string {
  const path = checkPin(options)
  if (path !== undefined) return path
  throw new ArgumentError({ argument: 'options.pin', value: undefined, expected: 'the name of a pinned chain' })
}

export function checkStageOptions(options: ReplaceStageOptions, names: readonly string[], argument = 'options'): void {
  checkOptions(argument, options, names)
  const { tailCalls, keepCounters } = options
  if (tailCalls !== undefined) checkInteger(`${argument}.tailCalls`, tailCalls, 0, 32)
  if (keepCounters !== undefined) checkBoolean(`${argument}.keepCounters`, keepCounters)
}

/** The compiler has checked it, for those who use it: that it is no program, nor a list in a list. */
export function checkDefinition<D extends ReplaceStageOptions>(argument: string, definition: D): D {
  if (typeof definition !== 'object' || definition === null || definition instanceof Program) {
    const expected = 'the name of a stage that the chain has, or a definition { name, program }'
    throw new ArgumentError({ argument, value: definition, expected })
  }
  checkStageOptions(definition, ['name', 'program', 'tailCalls', 'keepCounters'], argument)
  return definition
}

/** The compiler has checked it, for those who use it. */
export function checkStages(stages: unknown): asserts stages is Readonly<Record<string, Program>> {
  if (typeof stages !== 'object' || stages === null || Array.isArray(stages)) {
    throw new ArgumentError({ argument: 'options.stages', value: stages, expected: 'an object of programs, by stage' })
  }
  for (const [name, program] of Object.entries(stages)) {
    if (program instanceof Program) continue
    throw new ArgumentError({ argument: `options.stages.${name}`, value: program, expected: 'a loaded Program' })
  }
}
