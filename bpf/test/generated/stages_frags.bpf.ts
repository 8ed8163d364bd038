// Written by bpf2ts from stages_frags.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { array, bool, i32, PerCpuArrayMap, ProgramArray, u32, u64 } from '@millrace/maps'
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

/** What stages_frags.bpf.o declares; `load(stagesFrags)` of @millrace/core loads it. */
export const stagesFrags = defineObject({
  name: 'stagesFrags',
  file: new URL('./stages_frags.bpf.o', import.meta.url),
  maps: {
    mrNext: ProgramArray.spec({ name: 'mr_next', programType: 'xdp', maxEntries: 1 }),
    mrStageCounters: PerCpuArrayMap.spec({ name: 'mr_stage_counters', value: MrStageCounters, maxEntries: 1 }),
  },
  programs: {
    empty: { name: 'empty', type: 'xdp', section: 'xdp.frags' },
    decide: { name: 'decide', type: 'xdp', section: 'xdp.frags' },
    send: { name: 'send', type: 'xdp', section: 'xdp.frags' },
    dawdle: { name: 'dawdle', type: 'xdp', section: 'xdp.frags' },
  },
  constants: {
    mrStageMissedVerdict: { name: 'mr_stage_missed_verdict', section: '.rodata', offset: 0, codec: i32 },
    mrStageCounting: { name: 'mr_stage_counting', section: '.rodata', offset: 4, codec: bool },
    mrStageTiming: { name: 'mr_stage_timing', section: '.rodata', offset: 5, codec: bool },
    decidedByte: { name: 'decided_byte', section: '.rodata', offset: 8, codec: i32 },
    decidedVerdict: { name: 'decided_verdict', section: '.rodata', offset: 12, codec: i32 },
    ifindex: { name: 'ifindex', section: '.rodata', offset: 16, codec: u32 },
  },
  variables: {},
})
