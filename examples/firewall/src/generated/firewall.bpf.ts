// Written by bpf2ts from firewall.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ipv4, LpmTrieMap, PerCpuArrayMap, RingBuffer, u8, u16be, u32, u64 } from '@millrace/maps'
import { getIpv4, getU64, putIpv4, putU8, putU16be, putU32, putU64, zero } from '@millrace/maps/codec'

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
 * enum drop_reason {
 *     DROP_BLOCKED = 0,
 *     DROP_MALFORMED = 1,
 *     DROP_DEFAULT = 2,
 * };
 * ```
 */
export const DropReason = { Blocked: 0, Malformed: 1, Default: 2 } as const
export type DropReason = (typeof DropReason)[keyof typeof DropReason]

/**
 * ```c
 * struct drop_event {
 *     __u64 time;
 *     ipv4_t source;
 *     ipv4_t destination;
 *     __be16 destination_port;
 *     __u8 protocol;
 *     enum drop_reason reason;
 *     __u32 version;
 * };
 * ```
 */
export interface DropEvent {
  time: bigint
  source: string
  destination: string
  destinationPort: number
  protocol: number
  reason: DropReason
  version: number
}

export const DropEvent: Codec<DropEvent> = {
  size: 32,
  alignment: 8,
  layout: [
    'size 32',
    'time u64 @0',
    'source be32 @64',
    'destination be32 @96',
    'destination_port be16 @128',
    'protocol u8 @144',
    'reason u32 @160',
    'version u32 @192',
  ],
  places: () => ({
    time: [0, u64],
    source: [8, ipv4],
    destination: [12, ipv4],
    destinationPort: [16, u16be],
    protocol: [18, u8],
    reason: [20, u32],
    version: [24, u32],
  }),
  encode(value, view, offset) {
    zero(view, offset + 19, 1)
    zero(view, offset + 28, 4)
    putU64(view, offset, value.time, 'time')
    putIpv4(view, offset + 8, value.source, 'source')
    putIpv4(view, offset + 12, value.destination, 'destination')
    putU16be(view, offset + 16, value.destinationPort, 'destinationPort')
    putU8(view, offset + 18, value.protocol, 'protocol')
    putU32(view, offset + 20, value.reason, 'reason')
    putU32(view, offset + 24, value.version, 'version')
  },
  decode(view, offset) {
    return {
      time: getU64(view, offset),
      source: getIpv4(view, offset + 8),
      destination: getIpv4(view, offset + 12),
      destinationPort: view.getUint16(offset + 16),
      protocol: view.getUint8(offset + 18),
      reason: view.getUint32(offset + 20, true) as DropReason,
      version: view.getUint32(offset + 24, true),
    }
  },
}

/** What firewall.bpf.o declares; `load(firewall)` of @millrace/core loads it. */
export const firewall = defineObject({
  name: 'firewall',
  file: new URL('./firewall.bpf.o', import.meta.url),
  maps: {
    allowed: LpmTrieMap.spec({ name: 'allowed', key: Ipv4Prefix, value: MrCounter, maxEntries: 1024 }),
    blocked: LpmTrieMap.spec({ name: 'blocked', key: Ipv4Prefix, value: MrCounter, maxEntries: 1024 }),
    counters: PerCpuArrayMap.spec({ name: 'counters', value: MrCounter, maxEntries: 3 }),
    drops: RingBuffer.spec({ name: 'drops', event: DropEvent, maxEntries: 1048576, overruns: 'drops_overruns' }),
    dropsOverruns: PerCpuArrayMap.spec({ name: 'drops_overruns', value: u64, maxEntries: 1 }),
  },
  programs: {
    firewall: { name: 'firewall', type: 'xdp', section: 'xdp' },
  },
  constants: {
    defaultVerdict: { name: 'default_verdict', section: '.rodata', offset: 0, codec: u32 },
    reportEvery: { name: 'report_every', section: '.rodata', offset: 4, codec: u32 },
    version: { name: 'version', section: '.rodata', offset: 8, codec: u32 },
  },
  variables: {},
})
