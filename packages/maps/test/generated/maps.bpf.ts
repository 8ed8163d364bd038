// Written by bpf2ts from maps.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import {
  HashMap,
  ipv4,
  LpmTrieMap,
  LruPerCpuHashMap,
  PerCpuArrayMap,
  ProgramArray,
  RingBuffer,
  u16,
  u32,
  u64,
} from '@millrace/maps'
import { getIpv4, getU64, putIpv4, putU8, putU16, putU16be, putU32, putU64, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct flow {
 *     ipv4_t source;
 *     __be16 source_port;
 *     __u8 protocol;
 * };
 * ```
 */
export interface Flow {
  source: string
  sourcePort: number
  protocol: number
}

export const Flow: Codec<Flow> = {
  size: 8,
  alignment: 4,
  layout: ['size 8', 'source be32 @0', 'source_port be16 @32', 'protocol u8 @48'],
  encode(value, view, offset) {
    zero(view, offset + 7, 1)
    putIpv4(view, offset, value.source, 'source')
    putU16be(view, offset + 4, value.sourcePort, 'sourcePort')
    putU8(view, offset + 6, value.protocol, 'protocol')
  },
  decode(view, offset) {
    return {
      source: getIpv4(view, offset),
      sourcePort: view.getUint16(offset + 4),
      protocol: view.getUint8(offset + 6),
    }
  },
}

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
  places: () => ({ packets: [0, u64], bytes: [8, u64] }),
  encode(value, view, offset) {
    putU64(view, offset, value.packets, 'packets')
    putU64(view, offset + 8, value.bytes, 'bytes')
  },
  decode(view, offset) {
    return { packets: getU64(view, offset), bytes: getU64(view, offset + 8) }
  },
}

/**
 * ```c
 * struct network {
 *     __u32 prefix_length;
 *     ipv4_t address;
 * };
 * ```
 */
export interface Network {
  prefixLength: number
  address: string
}

export const Network: Codec<Network> = {
  size: 8,
  alignment: 4,
  layout: ['size 8', 'prefix_length u32 @0', 'address be32 @32'],
  encode(value, view, offset) {
    putU32(view, offset, value.prefixLength, 'prefixLength')
    putIpv4(view, offset + 4, value.address, 'address')
  },
  decode(view, offset) {
    return { prefixLength: view.getUint32(offset, true), address: getIpv4(view, offset + 4) }
  },
}

/**
 * ```c
 * struct event {
 *     __u64 sequence;
 *     ipv4_t source;
 *     __u16 length;
 * };
 * ```
 */
export interface Event {
  sequence: bigint
  source: string
  length: number
}

export const Event: Codec<Event> = {
  size: 16,
  alignment: 8,
  layout: ['size 16', 'sequence u64 @0', 'source be32 @64', 'length u16 @96'],
  places: () => ({ sequence: [0, u64], source: [8, ipv4], length: [12, u16] }),
  encode(value, view, offset) {
    zero(view, offset + 14, 2)
    putU64(view, offset, value.sequence, 'sequence')
    putIpv4(view, offset + 8, value.source, 'source')
    putU16(view, offset + 12, value.length, 'length')
  },
  decode(view, offset) {
    return {
      sequence: getU64(view, offset),
      source: getIpv4(view, offset + 8),
      length: view.getUint16(offset + 12, true),
    }
  },
}

/** What maps.bpf.o declares; `load(maps)` of @millrace/core loads it. */
export const maps = defineObject({
  name: 'maps',
  file: new URL('./maps.bpf.o', import.meta.url),
  maps: {
    flows: HashMap.spec({ name: 'flows', key: Flow, value: Hits, maxEntries: 64 }),
    clients: LruPerCpuHashMap.spec({ name: 'clients', key: u32, value: Hits, maxEntries: 1024 }),
    totals: PerCpuArrayMap.spec({ name: 'totals', value: Hits, maxEntries: 4 }),
    routes: LpmTrieMap.spec({ name: 'routes', key: Network, value: u32, maxEntries: 64 }),
    events: RingBuffer.spec({ name: 'events', event: Event, maxEntries: 4096, overruns: 'events_overruns' }),
    eventsOverruns: PerCpuArrayMap.spec({ name: 'events_overruns', value: u64, maxEntries: 1 }),
    stages: ProgramArray.spec({ name: 'stages', maxEntries: 4 }),
  },
  programs: {
    count: { name: 'count', type: 'xdp', section: 'xdp' },
    route: { name: 'route', type: 'xdp', section: 'xdp' },
    emit: { name: 'emit', type: 'xdp', section: 'xdp' },
    dispatch: { name: 'dispatch', type: 'xdp', section: 'xdp' },
    drop: { name: 'drop', type: 'xdp', section: 'xdp' },
    sendBack: { name: 'send_back', type: 'xdp', section: 'xdp' },
    classify: { name: 'classify', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {
    sequence: { name: 'sequence', section: '.bss', offset: 0, codec: u64 },
  },
})
