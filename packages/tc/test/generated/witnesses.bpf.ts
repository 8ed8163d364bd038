// Written by bpf2ts from witnesses.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, i32, PerCpuArrayMap, u32, u64 } from '@millrace/maps'
import { getU64, putU64 } from '@millrace/maps/codec'

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

/** What witnesses.bpf.o declares; `load(witnesses)` of @millrace/core loads it. */
export const witnesses = defineObject({
  name: 'witnesses',
  file: new URL('./witnesses.bpf.o', import.meta.url),
  maps: {
    seen: PerCpuArrayMap.spec({ name: 'seen', value: MrCounter, maxEntries: 7 }),
    verdict: ArrayMap.spec({ name: 'verdict', value: i32, maxEntries: 1 }),
    trail: ArrayMap.spec({ name: 'trail', value: u32, maxEntries: 1 }),
  },
  programs: {
    a: { name: 'a', type: 'sched_cls', section: 'tc' },
    b: { name: 'b', type: 'sched_cls', section: 'tc' },
    c: { name: 'c', type: 'sched_cls', section: 'tc' },
    d: { name: 'd', type: 'sched_cls', section: 'tc' },
    stop: { name: 'stop', type: 'sched_cls', section: 'tc' },
    dropFirst: { name: 'drop_first', type: 'sched_cls', section: 'tc' },
    dropSecond: { name: 'drop_second', type: 'sched_cls', section: 'tc' },
    decide: { name: 'decide', type: 'sched_cls', section: 'tc' },
    notTc: { name: 'not_tc', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})
