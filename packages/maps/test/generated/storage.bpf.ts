// Written by bpf2ts from storage.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { SocketStorage } from '@millrace/maps'
import { getU64, putU64 } from '@millrace/maps/codec'

/**
 * ```c
 * struct traffic {
 *     __u64 packets;
 *     __u64 bytes;
 * };
 * ```
 */
export interface Traffic {
  packets: bigint
  bytes: bigint
}

export const Traffic: Codec<Traffic> = {
  size: 16,
  alignment: 8,
  layout: ['size 16', 'packets u64 @0', 'bytes u64 @64'],
  encode(value, view, offset) {
    putU64(view, offset, value.packets, 'packets')
    putU64(view, offset + 8, value.bytes, 'bytes')
  },
  decode(view, offset) {
    return { packets: getU64(view, offset), bytes: getU64(view, offset + 8) }
  },
}

/** What storage.bpf.o declares; `load(storage)` of @millrace/core loads it. */
export const storage = defineObject({
  name: 'storage',
  file: new URL('./storage.bpf.o', import.meta.url),
  maps: {
    sent: SocketStorage.spec({ name: 'sent', value: Traffic, maxEntries: 0 }),
  },
  programs: {
    count: { name: 'count', type: 'cgroup_skb', section: 'cgroup_skb/egress' },
  },
  constants: {},
  variables: {},
})
