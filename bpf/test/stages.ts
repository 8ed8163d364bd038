import { loadSync, type Program } from '@millrace/core'
import type { ProgramArray } from '@millrace/maps'
import { attachTc } from '@millrace/tc'
import type { Host } from '@millrace/testing'
import { attachXdp } from '@millrace/xdp'
import { endTc } from '../../packages/chain/src/generated/end_tc.bpf.js'
import { endXdp } from '../../packages/chain/src/generated/end_xdp.bpf.js'
import type { Closables } from './closables.js'
import { type MrStageCounters, stagesTc } from './generated/stages_tc.bpf.js'
import { stagesXdp } from './generated/stages_xdp.bpf.js'

/** Programs of a hook, as the tests of both hooks see them. */
export interface StageHook<T extends 'xdp' | 'sched_cls'> {
  readonly name: string
  readonly verdicts: {
    /** what a stage without a verdict returns alone */
    readonly alone: number
    readonly pass: number
    readonly drop: number
    readonly redirect: number
    /** the number of the first counter */
    readonly first: number
    /** that the hook has, but `redirect` */
    readonly all: readonly number[]
    /** that no hook has */
    readonly odd: readonly number[]
  }
  /** A stage of stages.h. */
  stage(keep: Closables, name: StageName, constants?: Constants): Stage<T>
  /** What ends a chain. */
  end(keep: Closables, verdict: number): { readonly program: Program<T> }
  /** Runs a stage over what comes in at a host's eth0. */
  attach(keep: Closables, stage: Stage<T>, host: Host): void
}

export type StageName = 'empty' | 'decide' | 'send' | 'dawdle'

/** The constants of stages.h and stage.h. */
export interface Constants {
  readonly mrStageCounting?: boolean
  readonly mrStageTiming?: boolean
  readonly mrStageMissedVerdict?: number
  readonly decidedByte?: number
  readonly decidedVerdict?: number
  readonly ifindex?: number
}

/** What a stage has counted, on all CPUs. */
export interface Counted {
  readonly packets: number
  readonly bytes: number
  readonly nanoseconds: number
  readonly missed: number
  /** by the number of the counter; those that are 0 are left out */
  readonly verdicts: Readonly<Record<number, number>>
}

/** Of a stage that has seen no packet. */
export const nothing: Counted = { packets: 0, bytes: 0, nanoseconds: 0, missed: 0, verdicts: {} }

/** One stage, with its own maps. */
export class Stage<T extends 'xdp' | 'sched_cls'> {
  readonly program: Program<T>
  readonly #next: ProgramArray<T>
  readonly #counters: { get(index: number): readonly MrStageCounters[] | undefined }

  constructor(
    program: Program<T>,
    maps: { mrNext: ProgramArray<T>; mrStageCounters: { get(index: number): readonly MrStageCounters[] | undefined } },
  ) {
    this.program = program
    this.#next = maps.mrNext
    this.#counters = maps.mrStageCounters
  }

  /** Sets which program goes on with the packet; without one, none does. */
  goOnTo(next: { readonly program: Program<T> } | undefined): void {
    if (next === undefined) this.#next.delete(0)
    else this.#next.set(0, next.program)
  }

  /** The verdict over a frame, in a test run. */
  run(data: Uint8Array, repeat = 1): number {
    return this.program.testRun({ data, repeat, dataOutSize: 0 }).returnValue | 0
  }

  counted(): Counted {
    const rows = this.#counters.get(0) ?? []
    const sum = (of: (row: MrStageCounters) => bigint) => Number(rows.reduce((total, row) => total + of(row), 0n))
    const verdicts = Array.from({ length: 12 }, (_, index) => [index, sum((row) => row.verdicts[index] ?? 0n)] as const)
    return {
      packets: sum((row) => row.packets),
      bytes: sum((row) => row.bytes),
      nanoseconds: sum((row) => row.nanoseconds),
      missed: sum((row) => row.missed),
      verdicts: Object.fromEntries(verdicts.filter(([, count]) => count > 0)),
    }
  }
}

/** Wires stages one after the other; the last goes on to `end`. Returns the first. */
export function wire<T extends 'xdp' | 'sched_cls'>(
  stages: readonly [Stage<T>, ...Stage<T>[]],
  end: { readonly program: Program<T> },
): Stage<T> {
  stages.forEach((stage, index) => {
    stage.goOnTo(stages[index + 1] ?? end)
  })
  return stages[0]
}

export const xdp: StageHook<'xdp'> = {
  name: 'xdp',
  verdicts: { alone: 2, pass: 2, drop: 1, redirect: 4, first: 0, all: [0, 1, 2, 3], odd: [12, 1000, -1] },
  stage(keep, name, constants = {}) {
    const { programs, maps } = keep.add(loadSync(stagesXdp, { constants }))
    return new Stage(programs[name], maps)
  },
  end(keep, verdict) {
    return { program: keep.add(loadSync(endXdp, { constants: { verdict } })).programs.end }
  },
  attach(keep, { program }, { netns }) {
    keep.add(attachXdp(program, 'eth0', { netns, mode: 'native' }))
  },
}

export const genericXdp: StageHook<'xdp'> = {
  ...xdp,
  name: 'xdp, generic',
  attach(keep, { program }, { netns }) {
    keep.add(attachXdp(program, 'eth0', { netns, mode: 'generic' }))
  },
}

export const tc: StageHook<'sched_cls'> = {
  name: 'tc',
  verdicts: {
    ...{ alone: -1, pass: 0, drop: 2, redirect: 7, first: -1 },
    all: [-1, 0, 1, 2, 3, 4, 5, 6, 8],
    // 0x10000002: jump over two, of the classic actions
    odd: [11, 0x10000002, 0x7fffffff, -2],
  },
  stage(keep, name, constants = {}) {
    const { programs, maps } = keep.add(loadSync(stagesTc, { constants }))
    return new Stage(programs[name], maps)
  },
  end(keep, verdict) {
    return { program: keep.add(loadSync(endTc, { constants: { verdict } })).programs.end }
  },
  attach(keep, { program }, { netns }) {
    keep.add(attachTc(program, 'eth0', { netns, direction: 'ingress' }))
  },
}
