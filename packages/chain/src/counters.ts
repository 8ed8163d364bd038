import { possibleCpus, type RawMap } from '@millrace/core'
import { mapOperationError } from '@millrace/core/internal'

/** MR_STAGE_VERDICTS of millrace/stage.h: all its verdicts, the last one for any that has no number there. */
export const VERDICTS = 12

/** `struct mr_stage_counters` of millrace/stage.h: eight bytes each, and a row for each CPU. */
const FIELDS = 4 + VERDICTS

/** What a stage has done, on all CPUs. */
export interface StageCounters {
  readonly packets: bigint
  readonly bytes: bigint
  readonly nanoseconds: bigint
  readonly missed: bigint
  /** by the number of the slot in millrace/stage.h */
  readonly verdicts: readonly bigint[]
}

export function readCounters(map: RawMap): StageCounters {
  const rows = new BigUint64Array(FIELDS * possibleCpus())
  const result = map.lookup(new Uint8Array(4), new Uint8Array(rows.buffer))
  if (result < 0) throw mapOperationError(map, 'get', result)
  return sumCounters(rows)
}

/** Of the rows of all CPUs, one after another. */
export function sumCounters(rows: BigUint64Array): StageCounters {
  const sums: bigint[] = new Array(FIELDS).fill(0n)
  rows.forEach((value, index) => {
    sums[index % FIELDS] = (sums[index % FIELDS] ?? 0n) + value
  })
  const [packets = 0n, bytes = 0n, nanoseconds = 0n, missed = 0n, ...verdicts] = sums
  return { packets, bytes, nanoseconds, missed, verdicts }
}

/** How many went on to the next stage. */
export function passedOn({ packets, missed, verdicts }: StageCounters): bigint {
  const decided = verdicts.reduce((sum, count) => sum + count, missed)
  // A packet that came and was decided while the rows were read may be in one number and not in the other.
  return packets > decided ? packets - decided : 0n
}
