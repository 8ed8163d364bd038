// Written by bpf2ts from members.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, PerCpuArrayMap, ProgramArray, u32, u64 } from '@millrace/maps'
import { getArray, getU64, putArray, putU32, putU64 } from '@millrace/maps/codec'

/**
 * ```c
 * struct trace {
 *     __u32 length;
 *     __u32 marks[64];
 * };
 * ```
 */
export interface Trace {
  length: number
  marks: number[]
}

export const Trace: Codec<Trace> = {
  size: 260,
  alignment: 4,
  layout: ['size 260', 'length u32 @0', 'marks[64] u32 @32'],
  encode(value, view, offset) {
    putU32(view, offset, value.length, 'length')
    putArray(view, offset + 4, 4, 64, value.marks, putU32, 'marks')
  },
  decode(view, offset) {
    return {
      length: view.getUint32(offset, true),
      marks: getArray(view, offset + 4, 4, 64, (view, at) => view.getUint32(at, true)),
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

/** What members.bpf.o declares; `load(members)` of @millrace/core loads it. */
export const members = defineObject({
  name: 'members',
  file: new URL('./members.bpf.o', import.meta.url),
  maps: {
    next: ProgramArray.spec({ name: 'next', maxEntries: 1 }),
    trace: ArrayMap.spec({ name: 'trace', value: Trace, maxEntries: 1 }),
    seen: PerCpuArrayMap.spec({ name: 'seen', value: MrCounter, maxEntries: 1 }),
  },
  programs: {
    member: { name: 'member', type: 'xdp', section: 'xdp' },
    another: { name: 'another', type: 'xdp', section: 'xdp' },
    resizing: { name: 'resizing', type: 'xdp', section: 'xdp' },
    calling: { name: 'calling', type: 'xdp', section: 'xdp' },
    returningEnum: { name: 'returning_enum', type: 'xdp', section: 'xdp' },
    memberFrags: { name: 'member_frags', type: 'xdp', section: 'xdp.frags' },
    notXdp: { name: 'not_xdp', type: 'sched_cls', section: 'tc' },
  },
  constants: {
    mark: { name: 'mark', section: '.rodata', offset: 0, codec: u32 },
  },
  variables: {
    verdict: { name: 'verdict', section: '.data', offset: 0, codec: u32 },
  },
})
