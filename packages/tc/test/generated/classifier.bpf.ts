// Written by bpf2ts from classifier.bpf.o; change the C and run bpf2ts again.
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

/** What classifier.bpf.o declares; `load(classifier)` of @millrace/core loads it. */
export const classifier = defineObject({
  name: 'classifier',
  file: new URL('./classifier.bpf.o', import.meta.url),
  maps: {
    packets: PerCpuArrayMap.spec({ name: 'packets', value: MrCounter, maxEntries: 1 }),
  },
  programs: {
    classify: { name: 'classify', type: 'sched_cls', section: 'tc' },
    count: { name: 'count', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {},
})
