// Written by bpf2ts from stages_xdp.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import {
  array,
  bool,
  i32,
  ipv4,
  LpmTrieMap,
  LruHashMap,
  LruPerCpuHashMap,
  PerCpuArrayMap,
  ProgramArray,
  u16be,
  u64,
} from '@millrace/maps'
import { getArray, getIpv4, getU64, putArray, putIpv4, putU8, putU16be, putU32, putU64 } from '@millrace/maps/codec'

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
 * struct ipv4_prefix {
 *     __u32 prefix_length;
 *     ipv4_t address;
 * };
 * ```
 */
export interface Ipv4Prefix {
  prefixLength: number
  address: string
}

export const Ipv4Prefix: Codec<Ipv4Prefix> = {
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

/**
 * ```c
 * struct bucket {
 *     __u64 time;
 *     __u64 tokens;
 * };
 * ```
 */
export interface Bucket {
  time: bigint
  tokens: bigint
}

export const Bucket: Codec<Bucket> = {
  size: 16,
  alignment: 8,
  layout: ['size 16', 'time u64 @0', 'tokens u64 @64'],
  encode(value, view, offset) {
    putU64(view, offset, value.time, 'time')
    putU64(view, offset + 8, value.tokens, 'tokens')
  },
  decode(view, offset) {
    return { time: getU64(view, offset), tokens: getU64(view, offset + 8) }
  },
}

/**
 * ```c
 * struct note {
 *     ipv4_t source;
 *     __be16 service;
 *     __u8 protocol;
 *     __u8 reserved;
 * };
 * ```
 */
export interface Note {
  source: string
  service: number
  protocol: number
  reserved: number
}

export const Note: Codec<Note> = {
  size: 8,
  alignment: 4,
  layout: ['size 8', 'source be32 @0', 'service be16 @32', 'protocol u8 @48', 'reserved u8 @56'],
  encode(value, view, offset) {
    putIpv4(view, offset, value.source, 'source')
    putU16be(view, offset + 4, value.service, 'service')
    putU8(view, offset + 6, value.protocol, 'protocol')
    putU8(view, offset + 7, value.reserved, 'reserved')
  },
  decode(view, offset) {
    return {
      source: getIpv4(view, offset),
      service: view.getUint16(offset + 4),
      protocol: view.getUint8(offset + 6),
      reserved: view.getUint8(offset + 7),
    }
  },
}

/** What stages_xdp.bpf.o declares; `load(stagesXdp)` of @millrace/core loads it. */
export const stagesXdp = defineObject({
  name: 'stagesXdp',
  file: new URL('./stages_xdp.bpf.o', import.meta.url),
  maps: {
    mrNext: ProgramArray.spec({ name: 'mr_next', programType: 'xdp', maxEntries: 1 }),
    mrStageCounters: PerCpuArrayMap.spec({ name: 'mr_stage_counters', value: MrStageCounters, maxEntries: 1 }),
    blocked: LpmTrieMap.spec({ name: 'blocked', key: Ipv4Prefix, value: MrCounter, maxEntries: 1024 }),
    services: LruPerCpuHashMap.spec({ name: 'services', key: u16be, value: MrCounter, maxEntries: 1024 }),
    buckets: LruHashMap.spec({ name: 'buckets', key: ipv4, value: Bucket, maxEntries: 4096 }),
  },
  programs: {
    parser: { name: 'parser', type: 'xdp', section: 'xdp' },
    firewall: { name: 'firewall', type: 'xdp', section: 'xdp' },
    counter: { name: 'counter', type: 'xdp', section: 'xdp' },
    limiter: { name: 'limiter', type: 'xdp', section: 'xdp' },
  },
  constants: {
    mrStageMissedVerdict: { name: 'mr_stage_missed_verdict', section: '.rodata', offset: 0, codec: i32 },
    mrStageCounting: { name: 'mr_stage_counting', section: '.rodata', offset: 4, codec: bool },
    mrStageTiming: { name: 'mr_stage_timing', section: '.rodata', offset: 5, codec: bool },
    packetsPerSecond: { name: 'packets_per_second', section: '.rodata', offset: 8, codec: u64 },
    burst: { name: 'burst', section: '.rodata', offset: 16, codec: u64 },
  },
  variables: {},
})
