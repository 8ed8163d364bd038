// Written by bpf2ts from headers_xdp.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap } from '@millrace/maps'
import {
  getArray,
  getBool,
  getIpv4,
  getIpv6,
  getMac,
  putArray,
  putBool,
  putIpv4,
  putIpv6,
  putMac,
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
 * struct mr_ethernet_header {
 *     mac_t destination;
 *     mac_t source;
 *     __be16 protocol;
 * };
 * ```
 */
export interface MrEthernetHeader {
  destination: string
  source: string
  protocol: number
}

export const MrEthernetHeader: Codec<MrEthernetHeader> = {
  size: 14,
  alignment: 2,
  layout: ['size 14', 'destination.bytes[6] u8 @0', 'source.bytes[6] u8 @48', 'protocol be16 @96'],
  encode(value, view, offset) {
    putMac(view, offset, value.destination, 'destination')
    putMac(view, offset + 6, value.source, 'source')
    putU16be(view, offset + 12, value.protocol, 'protocol')
  },
  decode(view, offset) {
    return {
      destination: getMac(view, offset),
      source: getMac(view, offset + 6),
      protocol: view.getUint16(offset + 12),
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
 * struct mr_arp_header {
 *     __be16 hardware_type;
 *     __be16 protocol_type;
 *     __u8 hardware_length;
 *     __u8 protocol_length;
 *     __be16 operation;
 *     mac_t sender_mac;
 *     ipv4_t sender;
 *     mac_t target_mac;
 *     ipv4_t target;
 * } __attribute__((packed));
 * ```
 */
export interface MrArpHeader {
  hardwareType: number
  protocolType: number
  hardwareLength: number
  protocolLength: number
  operation: number
  senderMac: string
  sender: string
  targetMac: string
  target: string
}

export const MrArpHeader: Codec<MrArpHeader> = {
  size: 28,
  alignment: 1,
  layout: [
    'size 28',
    'hardware_type be16 @0',
    'protocol_type be16 @16',
    'hardware_length u8 @32',
    'protocol_length u8 @40',
    'operation be16 @48',
    'sender_mac.bytes[6] u8 @64',
    'sender be32 @112',
    'target_mac.bytes[6] u8 @144',
    'target be32 @192',
  ],
  encode(value, view, offset) {
    putU16be(view, offset, value.hardwareType, 'hardwareType')
    putU16be(view, offset + 2, value.protocolType, 'protocolType')
    putU8(view, offset + 4, value.hardwareLength, 'hardwareLength')
    putU8(view, offset + 5, value.protocolLength, 'protocolLength')
    putU16be(view, offset + 6, value.operation, 'operation')
    putMac(view, offset + 8, value.senderMac, 'senderMac')
    putIpv4(view, offset + 14, value.sender, 'sender')
    putMac(view, offset + 18, value.targetMac, 'targetMac')
    putIpv4(view, offset + 24, value.target, 'target')
  },
  decode(view, offset) {
    return {
      hardwareType: view.getUint16(offset),
      protocolType: view.getUint16(offset + 2),
      hardwareLength: view.getUint8(offset + 4),
      protocolLength: view.getUint8(offset + 5),
      operation: view.getUint16(offset + 6),
      senderMac: getMac(view, offset + 8),
      sender: getIpv4(view, offset + 14),
      targetMac: getMac(view, offset + 18),
      target: getIpv4(view, offset + 24),
    }
  },
}

/**
 * ```c
 * struct mr_ipv4_header {
 *     __u8 version_ihl;
 *     __u8 tos;
 *     __be16 length;
 *     __be16 id;
 *     __be16 fragment;
 *     __u8 ttl;
 *     __u8 protocol;
 *     __be16 checksum;
 *     ipv4_t source;
 *     ipv4_t destination;
 * };
 * ```
 */
export interface MrIpv4Header {
  versionIhl: number
  tos: number
  length: number
  id: number
  fragment: number
  ttl: number
  protocol: number
  checksum: number
  source: string
  destination: string
}

export const MrIpv4Header: Codec<MrIpv4Header> = {
  size: 20,
  alignment: 4,
  layout: [
    'size 20',
    'version_ihl u8 @0',
    'tos u8 @8',
    'length be16 @16',
    'id be16 @32',
    'fragment be16 @48',
    'ttl u8 @64',
    'protocol u8 @72',
    'checksum be16 @80',
    'source be32 @96',
    'destination be32 @128',
  ],
  encode(value, view, offset) {
    putU8(view, offset, value.versionIhl, 'versionIhl')
    putU8(view, offset + 1, value.tos, 'tos')
    putU16be(view, offset + 2, value.length, 'length')
    putU16be(view, offset + 4, value.id, 'id')
    putU16be(view, offset + 6, value.fragment, 'fragment')
    putU8(view, offset + 8, value.ttl, 'ttl')
    putU8(view, offset + 9, value.protocol, 'protocol')
    putU16be(view, offset + 10, value.checksum, 'checksum')
    putIpv4(view, offset + 12, value.source, 'source')
    putIpv4(view, offset + 16, value.destination, 'destination')
  },
  decode(view, offset) {
    return {
      versionIhl: view.getUint8(offset),
      tos: view.getUint8(offset + 1),
      length: view.getUint16(offset + 2),
      id: view.getUint16(offset + 4),
      fragment: view.getUint16(offset + 6),
      ttl: view.getUint8(offset + 8),
      protocol: view.getUint8(offset + 9),
      checksum: view.getUint16(offset + 10),
      source: getIpv4(view, offset + 12),
      destination: getIpv4(view, offset + 16),
    }
  },
}

/**
 * ```c
 * struct mr_ipv6_header {
 *     __be32 version_class_label;
 *     __be16 payload_length;
 *     __u8 next_header;
 *     __u8 hop_limit;
 *     ipv6_t source;
 *     ipv6_t destination;
 * };
 * ```
 */
export interface MrIpv6Header {
  versionClassLabel: number
  payloadLength: number
  nextHeader: number
  hopLimit: number
  source: string
  destination: string
}

export const MrIpv6Header: Codec<MrIpv6Header> = {
  size: 40,
  alignment: 4,
  layout: [
    'size 40',
    'version_class_label be32 @0',
    'payload_length be16 @32',
    'next_header u8 @48',
    'hop_limit u8 @56',
    'source.bytes[16] u8 @64',
    'destination.bytes[16] u8 @192',
  ],
  encode(value, view, offset) {
    putU32be(view, offset, value.versionClassLabel, 'versionClassLabel')
    putU16be(view, offset + 4, value.payloadLength, 'payloadLength')
    putU8(view, offset + 6, value.nextHeader, 'nextHeader')
    putU8(view, offset + 7, value.hopLimit, 'hopLimit')
    putIpv6(view, offset + 8, value.source, 'source')
    putIpv6(view, offset + 24, value.destination, 'destination')
  },
  decode(view, offset) {
    return {
      versionClassLabel: view.getUint32(offset),
      payloadLength: view.getUint16(offset + 4),
      nextHeader: view.getUint8(offset + 6),
      hopLimit: view.getUint8(offset + 7),
      source: getIpv6(view, offset + 8),
      destination: getIpv6(view, offset + 24),
    }
  },
}

/**
 * ```c
 * struct mr_ipv6_fragment {
 *     __be32 id;
 *     __u16 offset;
 *     bool more;
 *     bool present;
 * };
 * ```
 */
export interface MrIpv6Fragment {
  id: number
  offset: number
  more: boolean
  present: boolean
}

export const MrIpv6Fragment: Codec<MrIpv6Fragment> = {
  size: 8,
  alignment: 4,
  layout: ['size 8', 'id be32 @0', 'offset u16 @32', 'more bool8 @48', 'present bool8 @56'],
  encode(value, view, offset) {
    putU32be(view, offset, value.id, 'id')
    putU16(view, offset + 4, value.offset, 'offset')
    putBool(view, offset + 6, value.more, 'more')
    putBool(view, offset + 7, value.present, 'present')
  },
  decode(view, offset) {
    return {
      id: view.getUint32(offset),
      offset: view.getUint16(offset + 4, true),
      more: getBool(view, offset + 6),
      present: getBool(view, offset + 7),
    }
  },
}

/**
 * ```c
 * struct mr_tcp_header {
 *     __be16 source;
 *     __be16 destination;
 *     __be32 sequence;
 *     __be32 acknowledgement;
 *     __u8 offset;
 *     __u8 flags;
 *     __be16 window;
 *     __be16 checksum;
 *     __be16 urgent;
 * };
 * ```
 */
export interface MrTcpHeader {
  source: number
  destination: number
  sequence: number
  acknowledgement: number
  offset: number
  flags: number
  window: number
  checksum: number
  urgent: number
}

export const MrTcpHeader: Codec<MrTcpHeader> = {
  size: 20,
  alignment: 4,
  layout: [
    'size 20',
    'source be16 @0',
    'destination be16 @16',
    'sequence be32 @32',
    'acknowledgement be32 @64',
    'offset u8 @96',
    'flags u8 @104',
    'window be16 @112',
    'checksum be16 @128',
    'urgent be16 @144',
  ],
  encode(value, view, offset) {
    putU16be(view, offset, value.source, 'source')
    putU16be(view, offset + 2, value.destination, 'destination')
    putU32be(view, offset + 4, value.sequence, 'sequence')
    putU32be(view, offset + 8, value.acknowledgement, 'acknowledgement')
    putU8(view, offset + 12, value.offset, 'offset')
    putU8(view, offset + 13, value.flags, 'flags')
    putU16be(view, offset + 14, value.window, 'window')
    putU16be(view, offset + 16, value.checksum, 'checksum')
    putU16be(view, offset + 18, value.urgent, 'urgent')
  },
  decode(view, offset) {
    return {
      source: view.getUint16(offset),
      destination: view.getUint16(offset + 2),
      sequence: view.getUint32(offset + 4),
      acknowledgement: view.getUint32(offset + 8),
      offset: view.getUint8(offset + 12),
      flags: view.getUint8(offset + 13),
      window: view.getUint16(offset + 14),
      checksum: view.getUint16(offset + 16),
      urgent: view.getUint16(offset + 18),
    }
  },
}

/**
 * ```c
 * struct mr_tcp_options {
 *     __be32 timestamp;
 *     __be32 timestamp_echo;
 *     __u16 present;
 *     __u16 mss;
 *     __u8 window_scale;
 * };
 * ```
 */
export interface MrTcpOptions {
  timestamp: number
  timestampEcho: number
  present: number
  mss: number
  windowScale: number
}

export const MrTcpOptions: Codec<MrTcpOptions> = {
  size: 16,
  alignment: 4,
  layout: [
    'size 16',
    'timestamp be32 @0',
    'timestamp_echo be32 @32',
    'present u16 @64',
    'mss u16 @80',
    'window_scale u8 @96',
  ],
  encode(value, view, offset) {
    zero(view, offset + 13, 3)
    putU32be(view, offset, value.timestamp, 'timestamp')
    putU32be(view, offset + 4, value.timestampEcho, 'timestampEcho')
    putU16(view, offset + 8, value.present, 'present')
    putU16(view, offset + 10, value.mss, 'mss')
    putU8(view, offset + 12, value.windowScale, 'windowScale')
  },
  decode(view, offset) {
    return {
      timestamp: view.getUint32(offset),
      timestampEcho: view.getUint32(offset + 4),
      present: view.getUint16(offset + 8, true),
      mss: view.getUint16(offset + 10, true),
      windowScale: view.getUint8(offset + 12),
    }
  },
}

/**
 * ```c
 * struct mr_udp_header {
 *     __be16 source;
 *     __be16 destination;
 *     __be16 length;
 *     __be16 checksum;
 * };
 * ```
 */
export interface MrUdpHeader {
  source: number
  destination: number
  length: number
  checksum: number
}

export const MrUdpHeader: Codec<MrUdpHeader> = {
  size: 8,
  alignment: 2,
  layout: ['size 8', 'source be16 @0', 'destination be16 @16', 'length be16 @32', 'checksum be16 @48'],
  encode(value, view, offset) {
    putU16be(view, offset, value.source, 'source')
    putU16be(view, offset + 2, value.destination, 'destination')
    putU16be(view, offset + 4, value.length, 'length')
    putU16be(view, offset + 6, value.checksum, 'checksum')
  },
  decode(view, offset) {
    return {
      source: view.getUint16(offset),
      destination: view.getUint16(offset + 2),
      length: view.getUint16(offset + 4),
      checksum: view.getUint16(offset + 6),
    }
  },
}

/**
 * ```c
 * struct {
 *     __be16 id;
 *     __be16 sequence;
 * };
 * ```
 */
export interface MrIcmpHeaderEcho {
  id: number
  sequence: number
}

export const MrIcmpHeaderEcho: Codec<MrIcmpHeaderEcho> = {
  size: 4,
  alignment: 2,
  layout: ['size 4', 'id be16 @0', 'sequence be16 @16'],
  encode(value, view, offset) {
    putU16be(view, offset, value.id, 'id')
    putU16be(view, offset + 2, value.sequence, 'sequence')
  },
  decode(view, offset) {
    return { id: view.getUint16(offset), sequence: view.getUint16(offset + 2) }
  },
}

/**
 * ```c
 * struct mr_icmp_header {
 *     __u8 type;
 *     __u8 code;
 *     __be16 checksum;
 *     union {
 *         struct {
 *             __be16 id;
 *             __be16 sequence;
 *         } echo;
 *         struct {
 *             __be16 unused;
 *             __be16 mtu;
 *         };
 *         ipv4_t gateway;
 *     };
 * };
 * ```
 */
export interface MrIcmpHeader {
  type: number
  code: number
  checksum: number
  echo?: MrIcmpHeaderEcho | undefined
  unused?: number | undefined
  mtu?: number | undefined
  gateway?: string | undefined
}

export const MrIcmpHeader: Codec<MrIcmpHeader> = {
  size: 8,
  alignment: 4,
  layout: [
    'size 8',
    'type u8 @0',
    'code u8 @8',
    'checksum be16 @16',
    'echo.id be16 @32',
    'echo.sequence be16 @48',
    'unused be16 @32',
    'mtu be16 @48',
    'gateway be32 @32',
  ],
  encode(value, view, offset) {
    putU8(view, offset, value.type, 'type')
    putU8(view, offset + 1, value.code, 'code')
    putU16be(view, offset + 2, value.checksum, 'checksum')
    const members: UnionMember[] = [
      ['echo', (view, at) => putStruct(view, at, MrIcmpHeaderEcho, value.echo as MrIcmpHeaderEcho, 'echo')],
      ['unused', (view, at) => putU16be(view, at, value.unused as number, 'unused')],
      ['mtu', (view, at) => putU16be(view, at + 2, value.mtu as number, 'mtu')],
      ['gateway', (view, at) => putIpv4(view, at, value.gateway as string, 'gateway')],
    ]
    putUnion(view, offset + 4, 4, value, members, '')
  },
  decode(view, offset) {
    return {
      type: view.getUint8(offset),
      code: view.getUint8(offset + 1),
      checksum: view.getUint16(offset + 2),
      echo: MrIcmpHeaderEcho.decode(view, offset + 4),
      unused: view.getUint16(offset + 4),
      mtu: view.getUint16(offset + 6),
      gateway: getIpv4(view, offset + 4),
    }
  },
}

/**
 * ```c
 * struct {
 *     __be16 id;
 *     __be16 sequence;
 * };
 * ```
 */
export interface MrIcmpv6HeaderEcho {
  id: number
  sequence: number
}

export const MrIcmpv6HeaderEcho: Codec<MrIcmpv6HeaderEcho> = {
  size: 4,
  alignment: 2,
  layout: ['size 4', 'id be16 @0', 'sequence be16 @16'],
  encode(value, view, offset) {
    putU16be(view, offset, value.id, 'id')
    putU16be(view, offset + 2, value.sequence, 'sequence')
  },
  decode(view, offset) {
    return { id: view.getUint16(offset), sequence: view.getUint16(offset + 2) }
  },
}

/**
 * ```c
 * struct mr_icmpv6_header {
 *     __u8 type;
 *     __u8 code;
 *     __be16 checksum;
 *     union {
 *         struct {
 *             __be16 id;
 *             __be16 sequence;
 *         } echo;
 *         __be32 mtu;
 *         __be32 pointer;
 *         __be32 flags;
 *     };
 * };
 * ```
 */
export interface MrIcmpv6Header {
  type: number
  code: number
  checksum: number
  echo?: MrIcmpv6HeaderEcho | undefined
  mtu?: number | undefined
  pointer?: number | undefined
  flags?: number | undefined
}

export const MrIcmpv6Header: Codec<MrIcmpv6Header> = {
  size: 8,
  alignment: 4,
  layout: [
    'size 8',
    'type u8 @0',
    'code u8 @8',
    'checksum be16 @16',
    'echo.id be16 @32',
    'echo.sequence be16 @48',
    'mtu be32 @32',
    'pointer be32 @32',
    'flags be32 @32',
  ],
  encode(value, view, offset) {
    putU8(view, offset, value.type, 'type')
    putU8(view, offset + 1, value.code, 'code')
    putU16be(view, offset + 2, value.checksum, 'checksum')
    const members: UnionMember[] = [
      ['echo', (view, at) => putStruct(view, at, MrIcmpv6HeaderEcho, value.echo as MrIcmpv6HeaderEcho, 'echo')],
      ['mtu', (view, at) => putU32be(view, at, value.mtu as number, 'mtu')],
      ['pointer', (view, at) => putU32be(view, at, value.pointer as number, 'pointer')],
      ['flags', (view, at) => putU32be(view, at, value.flags as number, 'flags')],
    ]
    putUnion(view, offset + 4, 4, value, members, '')
  },
  decode(view, offset) {
    return {
      type: view.getUint8(offset),
      code: view.getUint8(offset + 1),
      checksum: view.getUint16(offset + 2),
      echo: MrIcmpv6HeaderEcho.decode(view, offset + 4),
      mtu: view.getUint32(offset + 4),
      pointer: view.getUint32(offset + 4),
      flags: view.getUint32(offset + 4),
    }
  },
}

/**
 * ```c
 * struct headers {
 *     enum mr_status status;
 *     __u32 offset;
 *     __u32 remaining;
 *     __u32 seen;
 *     __u32 ipv4_options;
 *     struct mr_ethernet_header ethernet;
 *     __be16 ethertype;
 *     struct mr_vlans vlans;
 *     struct mr_arp_header arp;
 *     struct mr_ipv4_header ipv4;
 *     struct mr_ipv6_header ipv6;
 *     struct mr_ipv6_fragment fragment;
 *     __u8 protocol;
 *     struct mr_tcp_header tcp;
 *     struct mr_tcp_options tcp_options;
 *     struct mr_udp_header udp;
 *     struct mr_icmp_header icmp;
 *     struct mr_icmpv6_header icmpv6;
 * };
 * ```
 */
export interface Headers {
  status: MrStatus
  offset: number
  remaining: number
  seen: number
  ipv4Options: number
  ethernet: MrEthernetHeader
  ethertype: number
  vlans: MrVlans
  arp: MrArpHeader
  ipv4: MrIpv4Header
  ipv6: MrIpv6Header
  fragment: MrIpv6Fragment
  protocol: number
  tcp: MrTcpHeader
  tcpOptions: MrTcpOptions
  udp: MrUdpHeader
  icmp: MrIcmpHeader
  icmpv6: MrIcmpv6Header
}

export const Headers: Codec<Headers> = {
  size: 204,
  alignment: 4,
  layout: [
    'size 204',
    'status u32 @0',
    'offset u32 @32',
    'remaining u32 @64',
    'seen u32 @96',
    'ipv4_options u32 @128',
    'ethernet.destination.bytes[6] u8 @160',
    'ethernet.source.bytes[6] u8 @208',
    'ethernet.protocol be16 @256',
    'ethertype be16 @272',
    'vlans.tci[2] u16 @288',
    'vlans.count u8 @320',
    'arp.hardware_type be16 @336',
    'arp.protocol_type be16 @352',
    'arp.hardware_length u8 @368',
    'arp.protocol_length u8 @376',
    'arp.operation be16 @384',
    'arp.sender_mac.bytes[6] u8 @400',
    'arp.sender be32 @448',
    'arp.target_mac.bytes[6] u8 @480',
    'arp.target be32 @528',
    'ipv4.version_ihl u8 @576',
    'ipv4.tos u8 @584',
    'ipv4.length be16 @592',
    'ipv4.id be16 @608',
    'ipv4.fragment be16 @624',
    'ipv4.ttl u8 @640',
    'ipv4.protocol u8 @648',
    'ipv4.checksum be16 @656',
    'ipv4.source be32 @672',
    'ipv4.destination be32 @704',
    'ipv6.version_class_label be32 @736',
    'ipv6.payload_length be16 @768',
    'ipv6.next_header u8 @784',
    'ipv6.hop_limit u8 @792',
    'ipv6.source.bytes[16] u8 @800',
    'ipv6.destination.bytes[16] u8 @928',
    'fragment.id be32 @1056',
    'fragment.offset u16 @1088',
    'fragment.more bool8 @1104',
    'fragment.present bool8 @1112',
    'protocol u8 @1120',
    'tcp.source be16 @1152',
    'tcp.destination be16 @1168',
    'tcp.sequence be32 @1184',
    'tcp.acknowledgement be32 @1216',
    'tcp.offset u8 @1248',
    'tcp.flags u8 @1256',
    'tcp.window be16 @1264',
    'tcp.checksum be16 @1280',
    'tcp.urgent be16 @1296',
    'tcp_options.timestamp be32 @1312',
    'tcp_options.timestamp_echo be32 @1344',
    'tcp_options.present u16 @1376',
    'tcp_options.mss u16 @1392',
    'tcp_options.window_scale u8 @1408',
    'udp.source be16 @1440',
    'udp.destination be16 @1456',
    'udp.length be16 @1472',
    'udp.checksum be16 @1488',
    'icmp.type u8 @1504',
    'icmp.code u8 @1512',
    'icmp.checksum be16 @1520',
    'icmp.echo.id be16 @1536',
    'icmp.echo.sequence be16 @1552',
    'icmp.unused be16 @1536',
    'icmp.mtu be16 @1552',
    'icmp.gateway be32 @1536',
    'icmpv6.type u8 @1568',
    'icmpv6.code u8 @1576',
    'icmpv6.checksum be16 @1584',
    'icmpv6.echo.id be16 @1600',
    'icmpv6.echo.sequence be16 @1616',
    'icmpv6.mtu be32 @1600',
    'icmpv6.pointer be32 @1600',
    'icmpv6.flags be32 @1600',
  ],
  encode(value, view, offset) {
    zero(view, offset + 70, 2)
    zero(view, offset + 141, 3)
    putU32(view, offset, value.status, 'status')
    putU32(view, offset + 4, value.offset, 'offset')
    putU32(view, offset + 8, value.remaining, 'remaining')
    putU32(view, offset + 12, value.seen, 'seen')
    putU32(view, offset + 16, value.ipv4Options, 'ipv4Options')
    putStruct(view, offset + 20, MrEthernetHeader, value.ethernet, 'ethernet')
    putU16be(view, offset + 34, value.ethertype, 'ethertype')
    putStruct(view, offset + 36, MrVlans, value.vlans, 'vlans')
    putStruct(view, offset + 42, MrArpHeader, value.arp, 'arp')
    putStruct(view, offset + 72, MrIpv4Header, value.ipv4, 'ipv4')
    putStruct(view, offset + 92, MrIpv6Header, value.ipv6, 'ipv6')
    putStruct(view, offset + 132, MrIpv6Fragment, value.fragment, 'fragment')
    putU8(view, offset + 140, value.protocol, 'protocol')
    putStruct(view, offset + 144, MrTcpHeader, value.tcp, 'tcp')
    putStruct(view, offset + 164, MrTcpOptions, value.tcpOptions, 'tcpOptions')
    putStruct(view, offset + 180, MrUdpHeader, value.udp, 'udp')
    putStruct(view, offset + 188, MrIcmpHeader, value.icmp, 'icmp')
    putStruct(view, offset + 196, MrIcmpv6Header, value.icmpv6, 'icmpv6')
  },
  decode(view, offset) {
    return {
      status: view.getUint32(offset, true) as MrStatus,
      offset: view.getUint32(offset + 4, true),
      remaining: view.getUint32(offset + 8, true),
      seen: view.getUint32(offset + 12, true),
      ipv4Options: view.getUint32(offset + 16, true),
      ethernet: MrEthernetHeader.decode(view, offset + 20),
      ethertype: view.getUint16(offset + 34),
      vlans: MrVlans.decode(view, offset + 36),
      arp: MrArpHeader.decode(view, offset + 42),
      ipv4: MrIpv4Header.decode(view, offset + 72),
      ipv6: MrIpv6Header.decode(view, offset + 92),
      fragment: MrIpv6Fragment.decode(view, offset + 132),
      protocol: view.getUint8(offset + 140),
      tcp: MrTcpHeader.decode(view, offset + 144),
      tcpOptions: MrTcpOptions.decode(view, offset + 164),
      udp: MrUdpHeader.decode(view, offset + 180),
      icmp: MrIcmpHeader.decode(view, offset + 188),
      icmpv6: MrIcmpv6Header.decode(view, offset + 196),
    }
  },
}

/** What headers_xdp.bpf.o declares; `load(headersXdp)` of @millrace/core loads it. */
export const headersXdp = defineObject({
  name: 'headersXdp',
  file: new URL('./headers_xdp.bpf.o', import.meta.url),
  maps: {
    found: ArrayMap.spec({ name: 'found', value: Headers, maxEntries: 1 }),
  },
  programs: {
    walk: { name: 'walk', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})
