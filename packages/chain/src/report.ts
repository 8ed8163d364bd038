import { inspect } from 'node:util'
import { passedOn, readCounters } from './counters.js'
import type { ChainHook } from './hooks/hook.js'
import { namedVerdicts } from './hooks/verdicts.js'
import type { Stage } from './stages/stage.js'

/** The program of a stage. */
export interface StageProgram {
  readonly id: number
  readonly name: string
  /** hash over its instructions, 16 hexadecimal digits */
  readonly tag: string
}

/** What a stage is, and has done since it is in the chain. */
export interface StageReport {
  readonly name: string
  readonly program: StageProgram
  /** that came in */
  readonly packets: bigint
  /** of those, as they came in */
  readonly bytes: bigint
  /** how many it decided, by verdict: `drop`, `pass`, `redirect` ...; of tc as `@millrace/tc` names them */
  readonly verdicts: Readonly<Record<string, bigint>>
  /** that went on to the next stage, or to the chain's end */
  readonly passed: bigint
  /** that found no next stage: there is always one, so this is 0 unless the kernel's limit of tail calls was reached */
  readonly missed: bigint
  /** that its own code took, for all packets; undefined: the time is not taken */
  readonly nanoseconds?: bigint
}

/** A row for each stage; without counting all its numbers are 0. */
export function reportOf(hook: ChainHook, stage: Stage, timing: boolean): StageReport {
  const { program, counters: map } = stage
  if (program === undefined || map === undefined) throw new TypeError(`stage ${stage.name} has no instance`)
  const counters = readCounters(map)
  const { packets, bytes, nanoseconds, missed } = counters
  return {
    name: stage.name,
    program: printedAs(
      { id: program.id, name: program.name, tag: program.info().tag },
      ({ id, name }) => `${name} (${id})`,
    ),
    packets,
    bytes,
    verdicts: printedAs(namedVerdicts(hook, counters.verdicts), (verdicts) =>
      Object.entries(verdicts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    ),
    passed: passedOn(counters),
    missed,
    ...(timing || nanoseconds > 0n ? { nanoseconds } : {}),
  }
}

/** `console.table` prints `[Object]` for what is not plain; only how it is printed changes, what it is does not. */
function printedAs<T extends object>(value: T, text: (value: T) => string): T {
  return Object.defineProperty(value, inspect.custom, { value: () => text(value) })
}
