// Written by bpf2ts from packet_xdp.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap } from '@millrace/maps'
import {
  getArray,
  getIpv4,
  getIpv6,
  putArray,
  putIpv4,
  putIpv6,
  putStruct,
  putU8,
  putU16,
  putU16be,
  putU32,
  putU32be,
  putUnion,
  type UnionMember,
  zero,
} from '@millrace/maps/codec'

/**
 * ```c
 * enum mr_status {
 *     MR_OK = 0,
 *     MR_TRUNCATED = 1,
 *     MR_MALFORMED = 2,
 *     MR_TOO_DEEP = 3,
 *     MR_NONLINEAR = 4,
 * };
 * ```
 */
export const MrStatus = { Ok: 0, Truncated: 1, Malformed: 2, TooDeep: 3, Nonlinear: 4 } as const
export type MrStatus = (typeof MrStatus)[keyof typeof MrStatus]

/**
 * ```c
 * union mr_address {
 *     ipv4_t ipv4;
 *     ipv6_t ipv6;
 *     __be32 words[4];
 * };
 * ```
 */
export interface MrAddress {
  ipv4?: string | undefined
  ipv6?: string | undefined
  words?: number[] | undefined
}

export const MrAddress: Codec<MrAddress> = {
  size: 16,
  alignment: 4,
  layout: ['size 16', 'ipv4 be32 @0', 'ipv6.bytes[16] u8 @0', 'words[4] be32 @0'],
  encode(value, view, offset) {
    const members: UnionMember[] = [
      ['ipv4', (view, at) => putIpv4(view, at, value.ipv4 as string, 'ipv4')],
      ['ipv6', (view, at) => putIpv6(view, at, value.ipv6 as string, 'ipv6')],
      ['words', (view, at) => putArray(view, at, 4, 4, value.words as number[], putU32be, 'words')],
    ]
    putUnion(view, offset, 16, value, members, '')
  },
  decode(view, offset) {
    return {
      ipv4: getIpv4(view, offset),
      ipv6: getIpv6(view, offset),
      words: getArray(view, offset, 4, 4, (view, at) => view.getUint32(at)),
    }
  },
}

/**
 * ```c
 * struct mr_vlans {
 *     __u16 tci[2];
 *     __u8 count;
 * };
 * ```
 */
export interface MrVlans {
  tci: number[]
  count: number
}

export const MrVlans: Codec<MrVlans> = {
  size: 6,
  alignment: 2,
  layout: ['size 6', 'tci[2] u16 @0', 'count u8 @32'],
  encode(value, view, offset) {
    zero(view, offset + 5, 1)
    putArray(view, offset, 2, 2, value.tci, putU16, 'tci')
    putU8(view, offset + 4, value.count, 'count')
  },
  decode(view, offset) {
    return {
      tci: getArray(view, offset, 2, 2, (view, at) => view.getUint16(at, true)),
      count: view.getUint8(offset + 4),
    }
  },
}

/**
 * ```c
 * struct mr_packet {
 *     union mr_address source;
 *     union mr_address destination;
 *     __u32 length;
 *     __u32 payload_length;
 *     __be32 fragment_id;
 *     __u16 l3_offset;
 *     __u16 l4_offset;
 *     __u16 payload_offset;
 *     __be16 ethertype;
 *     __be16 source_port;
 *     __be16 destination_port;
 *     struct mr_vlans vlans;
 *     __u8 version;
 *     __u8 protocol;
 *     __u8 flags;
 * };
 * ```
 */
export interface MrPacket {
  source: MrAddress
  destination: MrAddress
  length: number
  payloadLength: number
  fragmentId: number
  l3Offset: number
  l4Offset: number
  payloadOffset: number
  ethertype: number
  sourcePort: number
  destinationPort: number
  vlans: MrVlans
  version: number
  protocol: number
  flags: number
}

export const MrPacket: Codec<MrPacket> = {
  size: 68,
  alignment: 4,
  layout: [
    'size 68',
    'source.ipv4 be32 @0',
    'source.ipv6.bytes[16] u8 @0',
    'source.words[4] be32 @0',
    'destination.ipv4 be32 @128',
    'destination.ipv6.bytes[16] u8 @128',
    'destination.words[4] be32 @128',
    'length u32 @256',
    'payload_length u32 @288',
    'fragment_id be32 @320',
    'l3_offset u16 @352',
    'l4_offset u16 @368',
    'payload_offset u16 @384',
    'ethertype be16 @400',
    'source_port be16 @416',
    'destination_port be16 @432',
    'vlans.tci[2] u16 @448',
    'vlans.count u8 @480',
    'version u8 @496',
    'protocol u8 @504',
    'flags u8 @512',
  ],
  encode(value, view, offset) {
    zero(view, offset + 65, 3)
    putStruct(view, offset, MrAddress, value.source, 'source')
    putStruct(view, offset + 16, MrAddress, value.destination, 'destination')
    putU32(view, offset + 32, value.length, 'length')
    putU32(view, offset + 36, value.payloadLength, 'payloadLength')
    putU32be(view, offset + 40, value.fragmentId, 'fragmentId')
    putU16(view, offset + 44, value.l3Offset, 'l3Offset')
    putU16(view, offset + 46, value.l4Offset, 'l4Offset')
    putU16(view, offset + 48, value.payloadOffset, 'payloadOffset')
    putU16be(view, offset + 50, value.ethertype, 'ethertype')
    putU16be(view, offset + 52, value.sourcePort, 'sourcePort')
    putU16be(view, offset + 54, value.destinationPort, 'destinationPort')
    putStruct(view, offset + 56, MrVlans, value.vlans, 'vlans')
    putU8(view, offset + 62, value.version, 'version')
    putU8(view, offset + 63, value.protocol, 'protocol')
    putU8(view, offset + 64, value.flags, 'flags')
  },
  decode(view, offset) {
    return {
      source: MrAddress.decode(view, offset),
      destination: MrAddress.decode(view, offset + 16),
      length: view.getUint32(offset + 32, true),
      payloadLength: view.getUint32(offset + 36, true),
      fragmentId: view.getUint32(offset + 40),
      l3Offset: view.getUint16(offset + 44, true),
      l4Offset: view.getUint16(offset + 46, true),
      payloadOffset: view.getUint16(offset + 48, true),
      ethertype: view.getUint16(offset + 50),
      sourcePort: view.getUint16(offset + 52),
      destinationPort: view.getUint16(offset + 54),
      vlans: MrVlans.decode(view, offset + 56),
      version: view.getUint8(offset + 62),
      protocol: view.getUint8(offset + 63),
      flags: view.getUint8(offset + 64),
    }
  },
}

/**
 * ```c
 * struct parsed {
 *     enum mr_status status;
 *     struct mr_packet packet;
 * };
 * ```
 */
export interface Parsed {
  status: MrStatus
  packet: MrPacket
}

export const Parsed: Codec<Parsed> = {
  size: 72,
  alignment: 4,
  layout: [
    'size 72',
    'status u32 @0',
    'packet.source.ipv4 be32 @32',
    'packet.source.ipv6.bytes[16] u8 @32',
    'packet.source.words[4] be32 @32',
    'packet.destination.ipv4 be32 @160',
    'packet.destination.ipv6.bytes[16] u8 @160',
    'packet.destination.words[4] be32 @160',
    'packet.length u32 @288',
    'packet.payload_length u32 @320',
    'packet.fragment_id be32 @352',
    'packet.l3_offset u16 @384',
    'packet.l4_offset u16 @400',
    'packet.payload_offset u16 @416',
    'packet.ethertype be16 @432',
    'packet.source_port be16 @448',
    'packet.destination_port be16 @464',
    'packet.vlans.tci[2] u16 @480',
    'packet.vlans.count u8 @512',
    'packet.version u8 @528',
    'packet.protocol u8 @536',
    'packet.flags u8 @544',
  ],
  encode(value, view, offset) {
    putU32(view, offset, value.status, 'status')
    putStruct(view, offset + 4, MrPacket, value.packet, 'packet')
  },
  decode(view, offset) {
    return { status: view.getUint32(offset, true) as MrStatus, packet: MrPacket.decode(view, offset + 4) }
  },
}

/** What packet_xdp.bpf.o declares; `load(packetXdp)` of @millrace/core loads it. */
export const packetXdp = defineObject({
  name: 'packetXdp',
  file: new URL('./packet_xdp.bpf.o', import.meta.url),
  maps: {
    results: ArrayMap.spec({ name: 'results', value: Parsed, maxEntries: 1 }),
  },
  programs: {
    parse: { name: 'parse', type: 'xdp', section: 'xdp' },
    firstPayloadByte: { name: 'first_payload_byte', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})
