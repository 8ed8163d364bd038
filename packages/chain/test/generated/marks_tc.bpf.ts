// Written by bpf2ts from marks_tc.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { array, bool, i32, PerCpuArrayMap, ProgramArray, u64 } from '@millrace/maps'
import { getArray, getU64, putArray, putU64 } from '@millrace/maps/codec'

/**
 * ```c
 * struct mr_stage_counters {
 *     __u64 packets;
 *     __u64 bytes;
 *     __u64 nanoseconds;
 *     __u64 missed;
 *     __u64 verdicts[12];
 * };
 * ```
 */
export interface MrStageCounters {
  packets: bigint
  bytes: bigint
  nanoseconds: bigint
  missed: bigint
  verdicts: bigint[]
}

export const MrStageCounters: Codec<MrStageCounters> = {
  size: 128,
  alignment: 8,
  layout: [
    'size 128',
    'packets u64 @0',
    'bytes u64 @64',
    'nanoseconds u64 @128',
    'missed u64 @192',
    'verdicts[12] u64 @256',
  ],
  places: () => ({
    packets: [0, u64],
    bytes: [8, u64],
    nanoseconds: [16, u64],
    missed: [24, u64],
    verdicts: [32, array(u64, 12)],
  }),
  encode(value, view, offset) {
    putU64(view, offset, value.packets, 'packets')
    putU64(view, offset + 8, value.bytes, 'bytes')
    putU64(view, offset + 16, value.nanoseconds, 'nanoseconds')
    putU64(view, offset + 24, value.missed, 'missed')
    putArray(view, offset + 32, 8, 12, value.verdicts, putU64, 'verdicts')
  },
  decode(view, offset) {
    return {
      packets: getU64(view, offset),
      bytes: getU64(view, offset + 8),
      nanoseconds: getU64(view, offset + 16),
      missed: getU64(view, offset + 24),
      verdicts: getArray(view, offset + 32, 8, 12, getU64),
    }
  },
}

/** What marks_tc.bpf.o declares; `load(marksTc)` of @millrace/core loads it. */
export const marksTc = defineObject({
  name: 'marksTc',
  file: new URL('./marks_tc.bpf.o', import.meta.url),
  maps: {
    mrNext: ProgramArray.spec({ name: 'mr_next', programType: 'sched_cls', maxEntries: 1 }),
    mrStageCounters: PerCpuArrayMap.spec({ name: 'mr_stage_counters', value: MrStageCounters, maxEntries: 1 }),
  },
  programs: {
    m1: { name: 'm1', type: 'sched_cls', section: 'tc' },
    m2: { name: 'm2', type: 'sched_cls', section: 'tc' },
    m3: { name: 'm3', type: 'sched_cls', section: 'tc' },
    m4: { name: 'm4', type: 'sched_cls', section: 'tc' },
    m5: { name: 'm5', type: 'sched_cls', section: 'tc' },
    m6: { name: 'm6', type: 'sched_cls', section: 'tc' },
    m7: { name: 'm7', type: 'sched_cls', section: 'tc' },
    m8: { name: 'm8', type: 'sched_cls', section: 'tc' },
  },
  constants: {
    mrStageMissedVerdict: { name: 'mr_stage_missed_verdict', section: '.rodata', offset: 0, codec: i32 },
    mrStageCounting: { name: 'mr_stage_counting', section: '.rodata', offset: 4, codec: bool },
    mrStageTiming: { name: 'mr_stage_timing', section: '.rodata', offset: 5, codec: bool },
  },
  variables: {},
})
