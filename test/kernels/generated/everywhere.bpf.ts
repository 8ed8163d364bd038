// Written by bpf2ts from everywhere.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { HashMap, ProgramArray, u32, u64 } from '@millrace/maps'
import { getU64, putU64 } from '@millrace/maps/codec'

/**
 * ```c
 * struct hits {
 *     __u64 packets;
 *     __u64 bytes;
 * };
 * ```
 */
export interface Hits {
  packets: bigint
  bytes: bigint
}

export const Hits: Codec<Hits> = {
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

/** What everywhere.bpf.o declares; `load(everywhere)` of @millrace/core loads it. */
export const everywhere = defineObject({
  name: 'everywhere',
  file: new URL('./everywhere.bpf.o', import.meta.url),
  maps: {
    hits: HashMap.spec({ name: 'hits', key: u32, value: Hits, maxEntries: 16 }),
    next: ProgramArray.spec({ name: 'next', maxEntries: 2 }),
  },
  programs: {
    count: { name: 'count', type: 'xdp', section: 'xdp' },
    drop: { name: 'drop', type: 'xdp', section: 'xdp' },
    jump: { name: 'jump', type: 'xdp', section: 'xdp' },
    tcDrop: { name: 'tc_drop', type: 'sched_cls', section: 'tc' },
    leaving: { name: 'leaving', type: 'cgroup_skb', section: 'cgroup_skb/egress' },
    connecting: { name: 'connecting', type: 'cgroup_sock_addr', section: 'cgroup/connect4' },
    operation: { name: 'operation', type: 'sock_ops', section: 'sockops' },
  },
  constants: {
    verdict: { name: 'verdict', section: '.rodata', offset: 0, codec: u32 },
    slot: { name: 'slot', section: '.rodata', offset: 4, codec: u32 },
  },
  variables: {
    seen: { name: 'seen', section: '.bss', offset: 0, codec: u64 },
  },
})
