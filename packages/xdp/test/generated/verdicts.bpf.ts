// Written by bpf2ts from verdicts.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { PerCpuArrayMap, u64 } from '@millrace/maps'
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

/** What verdicts.bpf.o declares; `load(verdicts)` of @millrace/core loads it. */
export const verdicts = defineObject({
  name: 'verdicts',
  file: new URL('./verdicts.bpf.o', import.meta.url),
  maps: {
    seen: PerCpuArrayMap.spec({ name: 'seen', value: MrCounter, maxEntries: 2 }),
  },
  programs: {
    dropFirst: { name: 'drop_first', type: 'xdp', section: 'xdp' },
    dropSecond: { name: 'drop_second', type: 'xdp', section: 'xdp' },
    pass: { name: 'pass', type: 'xdp', section: 'xdp' },
    passFrags: { name: 'pass_frags', type: 'xdp', section: 'xdp.frags' },
    beforeLeaving: { name: 'before_leaving', type: 'xdp', section: 'xdp/devmap' },
    onAnotherCpu: { name: 'on_another_cpu', type: 'xdp', section: 'xdp.frags/cpumap' },
    notXdp: { name: 'not_xdp', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {},
})
