// Written by bpf2ts from stages_tc.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { array, bool, i32, PerCpuArrayMap, ProgramArray, u8, u32, u64 } from '@millrace/maps'
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

/**
 * ```c
 * struct mr_counter {
 *     __u64 packets;
 *     __u64 bytes;
 * };
 * ```
 */
export interface MrCounter {
  packets: bigint
  bytes: bigint
}

export const MrCounter: Codec<MrCounter> = {
  size: 16,
  alignment: 8,
  layout: ['size 16', 'packets u64 @0', 'bytes u64 @64'],
  places: () => ({ packets: [0, u64], bytes: [8, u64] }),
  encode(value, view, offset) {
    putU64(view, offset, value.packets, 'packets')
    putU64(view, offset + 8, value.bytes, 'bytes')
  },
  decode(view, offset) {
    return { packets: getU64(view, offset), bytes: getU64(view, offset + 8) }
  },
}

/** What stages_tc.bpf.o declares; `load(stagesTc)` of @millrace/core loads it. */
export const stagesTc = defineObject({
  name: 'stagesTc',
  file: new URL('./stages_tc.bpf.o', import.meta.url),
  maps: {
    mrNext: ProgramArray.spec({ name: 'mr_next', programType: 'sched_cls', maxEntries: 1 }),
    mrStageCounters: PerCpuArrayMap.spec({ name: 'mr_stage_counters', value: MrStageCounters, maxEntries: 1 }),
    notes: PerCpuArrayMap.spec({ name: 'notes', value: MrCounter, maxEntries: 2 }),
    detour: ProgramArray.spec({ name: 'detour', programType: 'sched_cls', maxEntries: 1 }),
  },
  programs: {
    mark: { name: 'mark', type: 'sched_cls', section: 'tc' },
    decide: { name: 'decide', type: 'sched_cls', section: 'tc' },
    remember: { name: 'remember', type: 'sched_cls', section: 'tc' },
    branch: { name: 'branch', type: 'sched_cls', section: 'tc' },
    lone: { name: 'lone', type: 'sched_cls', section: 'tc' },
    writeNote: { name: 'write_note', type: 'sched_cls', section: 'tc' },
    readNote: { name: 'read_note', type: 'sched_cls', section: 'tc' },
  },
  constants: {
    mrStageMissedVerdict: { name: 'mr_stage_missed_verdict', section: '.rodata', offset: 0, codec: i32 },
    mrStageCounting: { name: 'mr_stage_counting', section: '.rodata', offset: 4, codec: bool },
    mrStageTiming: { name: 'mr_stage_timing', section: '.rodata', offset: 5, codec: bool },
    id: { name: 'id', section: '.rodata', offset: 6, codec: u8 },
    decided: { name: 'decided', section: '.rodata', offset: 8, codec: i32 },
    layout: { name: 'layout', section: '.rodata', offset: 12, codec: u32 },
  },
  variables: {
    remembered: { name: 'remembered', section: '.bss', offset: 0, codec: u64 },
  },
})
