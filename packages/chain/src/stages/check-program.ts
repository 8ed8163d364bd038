import { ArgumentError, ClosedError, Program, RawMap } from '@millrace/core'
import { originOf } from '@millrace/core/internal'
import { NotAStageError, StageRefusedError } from '../errors/index.js'
import type { ChainHook } from '../hooks/hook.js'
import { MAX_TAIL_CALLS } from '../tail-calls.js'

const types = { xdp: 'xdp', tc: 'sched_cls' } as const

/** Of millrace/stage.h. */
export const NEXT = 'mr_next'
export const COUNTERS = 'mr_stage_counters'

const howTo = 'include <millrace/stage.h>, define the program with MR_STAGE and return MR_NEXT where it has no verdict'

/** What programs a chain takes. */
export interface Accepted {
  readonly hook: ChainHook
  readonly frags: boolean
}

/**
 * That a program is one for this chain, as far as can be told before it is loaded once more.
 *
 * @throws ArgumentError, ClosedError, NotAStageError, StageRefusedError
 */
export function checkStageProgram(
  argument: string,
  stage: string,
  program: Program,
  accepted: Accepted,
  tailCalls: number | undefined,
): void {
  checkKind(argument, program, accepted)
  const origin = originOf(program)
  if (origin === undefined) {
    const reason =
      'it was opened and not loaded by this process, so it cannot be loaded once more; load its object file'
    throw new NotAStageError({ program: program.name, reason })
  }
  const next = origin.maps.get(NEXT)
  if (next === undefined) {
    throw new NotAStageError({ program: program.name, reason: `its object has no map ${NEXT}; ${howTo}` })
  }
  const { mapIds } = program.info()
  if (!mapIds.includes(next.id)) {
    throw new NotAStageError({ program: program.name, reason: `it never goes on to a next stage; ${howTo}` })
  }
  if (tailCalls === undefined) checkNoOtherArrays(stage, program, mapIds, next.id)
}

function checkKind(argument: string, program: Program, { hook, frags }: Accepted): void {
  const type = types[hook]
  if (!(program instanceof Program)) {
    throw new ArgumentError({ argument, value: program, expected: `a loaded Program of type ${type}` })
  }
  if (program.type !== type)
    throw new ArgumentError({ argument: `${argument}.type`, value: program.type, expected: type })
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
  if (hook !== 'xdp' || program.section === undefined || takesFrags(program.section) === frags) return
  throw new ArgumentError({
    argument: `${argument}.section`,
    value: program.section,
    expected: frags
      ? 'xdp.frags, as all stages of a chain with frags: true: define MR_XDP_FRAGS in front of its includes'
      : 'xdp, as all stages of this chain: programs for packets in several buffers need one that is created with frags: true',
  })
}

function takesFrags(section: string): boolean {
  return section === 'xdp.frags' || section.startsWith('xdp.frags/')
}

/** The kernel counts tail calls for a packet, whoever makes them. */
function checkNoOtherArrays(stage: string, program: Program, mapIds: readonly number[], next: number): void {
  const others = mapIds.filter((id) => id !== next).flatMap((id) => arrayName(id) ?? [])
  if (others.length === 0) return
  throw new StageRefusedError({
    stage,
    program: program.name,
    reason:
      `it makes tail calls of its own, by ${others.join(' and ')}, and a packet has ${MAX_TAIL_CALLS} in all: say how many it makes at most on a ` +
      'packet’s way, as tailCalls: 1',
  })
}

function arrayName(id: number): string | undefined {
  using map = RawMap.openById(id)
  return map.type === 'prog_array' ? map.name : undefined
}
