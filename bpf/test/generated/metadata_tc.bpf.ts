// Written by bpf2ts from metadata_tc.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, array, bool, i32, PerCpuArrayMap, ProgramArray, u64 } from '@millrace/maps'
import { getArray, getBool, getU64, putArray, putBool, putU8, putU16be, putU32, putU64 } from '@millrace/maps/codec'

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
 * struct note {
 *     __u64 number;
 *     __be16 protocol;
 *     __u8 last_byte;
 *     bool seen;
 *     __u32 length;
 * };
 * ```
 */
export interface Note {
  number: bigint
  protocol: number
  lastByte: number
  seen: boolean
  length: number
}

export const Note: Codec<Note> = {
  size: 16,
  alignment: 8,
  layout: ['size 16', 'number u64 @0', 'protocol be16 @64', 'last_byte u8 @80', 'seen bool8 @88', 'length u32 @96'],
  encode(value, view, offset) {
    putU64(view, offset, value.number, 'number')
    putU16be(view, offset + 8, value.protocol, 'protocol')
    putU8(view, offset + 10, value.lastByte, 'lastByte')
    putBool(view, offset + 11, value.seen, 'seen')
    putU32(view, offset + 12, value.length, 'length')
  },
  decode(view, offset) {
    return {
      number: getU64(view, offset),
      protocol: view.getUint16(offset + 8),
      lastByte: view.getUint8(offset + 10),
      seen: getBool(view, offset + 11),
      length: view.getUint32(offset + 12, true),
    }
  },
}

/** What metadata_tc.bpf.o declares; `load(metadataTc)` of @millrace/core loads it. */
export const metadataTc = defineObject({
  name: 'metadataTc',
  file: new URL('./metadata_tc.bpf.o', import.meta.url),
  maps: {
    mrNext: ProgramArray.spec({ name: 'mr_next', programType: 'sched_cls', maxEntries: 1 }),
    mrStageCounters: PerCpuArrayMap.spec({ name: 'mr_stage_counters', value: MrStageCounters, maxEntries: 1 }),
    told: ArrayMap.spec({ name: 'told', value: Note, maxEntries: 1 }),
    missing: ArrayMap.spec({ name: 'missing', value: u64, maxEntries: 1 }),
  },
  programs: {
    note: { name: 'note', type: 'sched_cls', section: 'tc' },
    reserve: { name: 'reserve', type: 'sched_cls', section: 'tc' },
    amend: { name: 'amend', type: 'sched_cls', section: 'tc' },
    noteAgain: { name: 'note_again', type: 'sched_cls', section: 'tc' },
    tell: { name: 'tell', type: 'sched_cls', section: 'tc' },
    soil: { name: 'soil', type: 'sched_cls', section: 'tc' },
    tellFromXdp: { name: 'tell_from_xdp', type: 'sched_cls', section: 'tc' },
  },
  constants: {
    mrStageMissedVerdict: { name: 'mr_stage_missed_verdict', section: '.rodata', offset: 0, codec: i32 },
    mrStageCounting: { name: 'mr_stage_counting', section: '.rodata', offset: 4, codec: bool },
    mrStageTiming: { name: 'mr_stage_timing', section: '.rodata', offset: 5, codec: bool },
    number: { name: 'number', section: '.rodata', offset: 8, codec: u64 },
  },
  variables: {},
})
