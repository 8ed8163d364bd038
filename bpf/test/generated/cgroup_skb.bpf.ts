// Written by bpf2ts from cgroup_skb.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { PerCpuArrayMap, u16, u64 } from '@millrace/maps'
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

/** What cgroup_skb.bpf.o declares; `load(cgroupSkb)` of @millrace/core loads it. */
export const cgroupSkb = defineObject({
  name: 'cgroupSkb',
  file: new URL('./cgroup_skb.bpf.o', import.meta.url),
  maps: {
    packets: PerCpuArrayMap.spec({ name: 'packets', value: MrCounter, maxEntries: 256 }),
  },
  programs: {
    ingress: { name: 'ingress', type: 'cgroup_skb', section: 'cgroup_skb/ingress' },
    egress: { name: 'egress', type: 'cgroup_skb', section: 'cgroup_skb/egress' },
    congested: { name: 'congested', type: 'cgroup_skb', section: 'cgroup_skb/egress' },
  },
  constants: {
    deniedPort: { name: 'denied_port', section: '.rodata', offset: 0, codec: u16 },
  },
  variables: {},
})
