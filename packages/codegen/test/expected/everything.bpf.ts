// Written by bpf2ts from everything.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import {
  ArrayMap,
  array,
  bool,
  bytes,
  HashMap,
  ipv4,
  ipv6,
  LpmTrieMap,
  LruHashMap,
  LruPerCpuHashMap,
  PerCpuArrayMap,
  PerCpuHashMap,
  ProgramArray,
  RingBuffer,
  SockHash,
  SockMap,
  string,
  u8,
  u16,
  u16be,
  u32,
  u64,
} from '@millrace/maps'
import {
  getArray,
  getBigBits,
  getBits,
  getBool,
  getBytes,
  getI64,
  getIpv4,
  getIpv6,
  getMac,
  getSignedBits,
  getString,
  getU64,
  getU64be,
  getU64Number,
  getU128,
  putArray,
  putBits,
  putBool,
  putBytes,
  putF32,
  putF64,
  putI32,
  putI64,
  putIpv4,
  putIpv6,
  putMac,
  putSignedBits,
  putString,
  putStruct,
  putU8,
  putU16,
  putU16be,
  putU32,
  putU64,
  putU64be,
  putU64Number,
  putU128,
  putUnion,
  type UnionMember,
  zero,
} from '@millrace/maps/codec'

/**
 * ```c
 * struct prefix {
 *     __u32 prefix_length;
 *     ipv4_t address;
 * };
 * ```
 */
export interface Prefix {
  prefixLength: number
  address: string
}

export const Prefix: Codec<Prefix> = {
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
 * struct address {
 *     __u8 family;
 *     union {
 *         ipv4_t v4;
 *         ipv6_t v6;
 *     };
 * };
 * ```
 */
export interface Address {
  family: number
  v4?: string | undefined
  v6?: string | undefined
}

export const Address: Codec<Address> = {
  size: 20,
  alignment: 4,
  layout: ['size 20', 'family u8 @0', 'v4 be32 @32', 'v6.bytes[16] u8 @32'],
  places: () => ({ family: [0, u8], v4: [4, ipv4], v6: [4, ipv6] }),
  encode(value, view, offset) {
    zero(view, offset + 1, 3)
    putU8(view, offset, value.family, 'family')
    const members: UnionMember[] = [
      ['v4', (view, at) => putIpv4(view, at, value.v4 as string, 'v4')],
      ['v6', (view, at) => putIpv6(view, at, value.v6 as string, 'v6')],
    ]
    putUnion(view, offset + 4, 16, value, members, '')
  },
  decode(view, offset) {
    return { family: view.getUint8(offset), v4: getIpv4(view, offset + 4), v6: getIpv6(view, offset + 4) }
  },
}

/**
 * ```c
 * typedef struct {
 *     struct address source;
 *     __be16 source_port;
 *     __u16 mark;
 * } flow_key_t;
 * ```
 */
export interface FlowKey {
  source: Address
  sourcePort: number
  mark: number
}

export const FlowKey: Codec<FlowKey> = {
  size: 24,
  alignment: 4,
  layout: [
    'size 24',
    'source.family u8 @0',
    'source.v4 be32 @32',
    'source.v6.bytes[16] u8 @32',
    'source_port be16 @160',
    'mark u16 @176',
  ],
  encode(value, view, offset) {
    putStruct(view, offset, Address, value.source, 'source')
    putU16be(view, offset + 20, value.sourcePort, 'sourcePort')
    putU16(view, offset + 22, value.mark, 'mark')
  },
  decode(view, offset) {
    return {
      source: Address.decode(view, offset),
      sourcePort: view.getUint16(offset + 20),
      mark: view.getUint16(offset + 22, true),
    }
  },
}

/**
 * ```c
 * enum verdict {
 *     VERDICT_PASS = 0,
 *     VERDICT_DROP = 1,
 *     __VERDICT_MAX = 2,
 * };
 * ```
 */
export const Verdict = { Pass: 0, Drop: 1, Max: 2 } as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

/**
 * ```c
 * enum cookie {
 *     COOKIE_NONE = -1,
 *     COOKIE_FIRST = 4294967296,
 * };
 * ```
 */
export const Cookie = { None: -1n, First: 4294967296n } as const
export type Cookie = (typeof Cookie)[keyof typeof Cookie]

/**
 * ```c
 * enum ip_mode {
 *     MODE_4IN6 = 0,
 *     MODE_6IN4 = 1,
 * };
 * ```
 */
export const IpMode = { Mode4in6: 0, Mode6in4: 1 } as const
export type IpMode = (typeof IpMode)[keyof typeof IpMode]

/**
 * ```c
 * union token {
 *     __u64 whole;
 *     struct {
 *         __u32 low;
 *         __u32 high;
 *     };
 *     __u8 raw[8];
 * };
 * ```
 */
export interface Token {
  whole?: bigint | undefined
  low?: number | undefined
  high?: number | undefined
  raw?: Uint8Array | undefined
}

export const Token: Codec<Token> = {
  size: 8,
  alignment: 8,
  layout: ['size 8', 'whole u64 @0', 'low u32 @0', 'high u32 @32', 'raw[8] u8 @0'],
  encode(value, view, offset) {
    const members: UnionMember[] = [
      ['whole', (view, at) => putU64(view, at, value.whole as bigint, 'whole')],
      ['low', (view, at) => putU32(view, at, value.low as number, 'low')],
      ['high', (view, at) => putU32(view, at + 4, value.high as number, 'high')],
      ['raw', (view, at) => putBytes(view, at, 8, value.raw as Uint8Array, 'raw')],
    ]
    putUnion(view, offset, 8, value, members, '')
  },
  decode(view, offset) {
    return {
      whole: getU64(view, offset),
      low: view.getUint32(offset, true),
      high: view.getUint32(offset + 4, true),
      raw: getBytes(view, offset, 8),
    }
  },
}

/**
 * ```c
 * struct {
 *     __u64 first;
 *     __u64 last;
 * };
 * ```
 */
export interface SessionSeen {
  first: bigint
  last: bigint
}

export const SessionSeen: Codec<SessionSeen> = {
  size: 16,
  alignment: 8,
  layout: ['size 16', 'first u64 @0', 'last u64 @64'],
  encode(value, view, offset) {
    putU64(view, offset, value.first, 'first')
    putU64(view, offset + 8, value.last, 'last')
  },
  decode(view, offset) {
    return { first: getU64(view, offset), last: getU64(view, offset + 8) }
  },
}

/**
 * ```c
 * struct session {
 *     struct bpf_spin_lock lock;
 *     enum verdict verdict;
 *     bool is_open;
 *     mac_t neighbour;
 *     char name[16];
 *     __u8 secret[32];
 *     __s32 drift;
 *     __u32 version : 4;
 *     __s32 offset : 12;
 *     __u64 sequence : 40;
 *     enum verdict last : 2;
 *     bool is_new : 1;
 *     enum cookie cookie;
 *     __u16 histogram[8];
 *     __u32 matrix[2][3];
 *     struct hits per_direction[2];
 *     char aliases[2][8];
 *     enum ip_mode modes[2];
 *     union token token;
 *     struct {
 *         __u64 first;
 *         __u64 last;
 *     } seen;
 *     unsigned __int128 wide;
 *     double rate;
 *     u64_number_t clock;
 *     __be64 stamp;
 * };
 * ```
 */
export interface Session {
  verdict: Verdict
  isOpen: boolean
  neighbour: string
  name: string
  secret: Uint8Array
  drift: number
  version: number
  offset: number
  sequence: bigint
  last: Verdict
  isNew: boolean
  cookie: Cookie
  histogram: number[]
  matrix: number[][]
  perDirection: Hits[]
  aliases: string[]
  modes: IpMode[]
  token: Token
  seen: SessionSeen
  wide: bigint
  rate: number
  clock: number
  stamp: bigint
}

export const Session: Codec<Session> = {
  size: 256,
  alignment: 16,
  layout: [
    'size 256',
    'lock.val u32 @0',
    'verdict u32 @32',
    'is_open bool8 @64',
    'neighbour.bytes[6] u8 @72',
    'name[16] i8 @120',
    'secret[32] u8 @248',
    'drift i32 @512',
    'version u4 @544',
    'offset i12 @548',
    'sequence u40 @576',
    'last u2 @616',
    'is_new u1 @618',
    'cookie i64 @640',
    'histogram[8] u16 @704',
    'matrix[2][3] u32 @832',
    'per_direction[2] struct16 @1024',
    'per_direction[2].packets u64 @1024',
    'per_direction[2].bytes u64 @1088',
    'aliases[2][8] i8 @1280',
    'modes[2] u32 @1408',
    'token.whole u64 @1472',
    'token.low u32 @1472',
    'token.high u32 @1504',
    'token.raw[8] u8 @1472',
    'seen.first u64 @1536',
    'seen.last u64 @1600',
    'wide u128 @1664',
    'rate f64 @1792',
    'clock u64 @1856',
    'stamp be64 @1920',
  ],
  encode(value, view, offset) {
    zero(view, offset, 4)
    zero(view, offset + 63, 1)
    zero(view, offset + 68, 12)
    zero(view, offset + 248, 8)
    putU32(view, offset + 4, value.verdict, 'verdict')
    putBool(view, offset + 8, value.isOpen, 'isOpen')
    putMac(view, offset + 9, value.neighbour, 'neighbour')
    putString(view, offset + 15, 16, value.name, 'name')
    putBytes(view, offset + 31, 32, value.secret, 'secret')
    putI32(view, offset + 64, value.drift, 'drift')
    putBits(view, offset + 68, 0, 4, value.version, 'version')
    putSignedBits(view, offset + 68, 4, 12, value.offset, 'offset')
    putBits(view, offset + 72, 0, 40, value.sequence, 'sequence')
    putBits(view, offset + 77, 0, 2, value.last, 'last')
    putBits(view, offset + 77, 2, 1, Number(value.isNew), 'isNew')
    putI64(view, offset + 80, value.cookie, 'cookie')
    putArray(view, offset + 88, 2, 8, value.histogram, putU16, 'histogram')
    putArray(
      view,
      offset + 104,
      12,
      2,
      value.matrix,
      (view, at, value, path) => putArray(view, at, 4, 3, value, putU32, path),
      'matrix',
    )
    putArray(
      view,
      offset + 128,
      16,
      2,
      value.perDirection,
      (view, at, value, path) => putStruct(view, at, Hits, value, path),
      'perDirection',
    )
    putArray(
      view,
      offset + 160,
      8,
      2,
      value.aliases,
      (view, at, value, path) => putString(view, at, 8, value, path),
      'aliases',
    )
    putArray(view, offset + 176, 4, 2, value.modes, putU32, 'modes')
    putStruct(view, offset + 184, Token, value.token, 'token')
    putStruct(view, offset + 192, SessionSeen, value.seen, 'seen')
    putU128(view, offset + 208, value.wide, 'wide')
    putF64(view, offset + 224, value.rate, 'rate')
    putU64Number(view, offset + 232, value.clock, 'clock')
    putU64be(view, offset + 240, value.stamp, 'stamp')
  },
  decode(view, offset) {
    return {
      verdict: view.getUint32(offset + 4, true) as Verdict,
      isOpen: getBool(view, offset + 8),
      neighbour: getMac(view, offset + 9),
      name: getString(view, offset + 15, 16),
      secret: getBytes(view, offset + 31, 32),
      drift: view.getInt32(offset + 64, true),
      version: getBits(view, offset + 68, 0, 4),
      offset: getSignedBits(view, offset + 68, 4, 12),
      sequence: getBigBits(view, offset + 72, 0, 40),
      last: getBits(view, offset + 77, 0, 2) as Verdict,
      isNew: getBits(view, offset + 77, 2, 1) !== 0,
      cookie: getI64(view, offset + 80) as Cookie,
      histogram: getArray(view, offset + 88, 2, 8, (view, at) => view.getUint16(at, true)),
      matrix: getArray(view, offset + 104, 12, 2, (view, at) =>
        getArray(view, at, 4, 3, (view, at) => view.getUint32(at, true)),
      ),
      perDirection: getArray(view, offset + 128, 16, 2, Hits.decode),
      aliases: getArray(view, offset + 160, 8, 2, (view, at) => getString(view, at, 8)),
      modes: getArray(view, offset + 176, 4, 2, (view, at) => view.getUint32(at, true) as IpMode),
      token: Token.decode(view, offset + 184),
      seen: SessionSeen.decode(view, offset + 192),
      wide: getU128(view, offset + 208),
      rate: view.getFloat64(offset + 224, true),
      clock: getU64Number(view, offset + 232),
      stamp: getU64be(view, offset + 240),
    }
  },
}

/**
 * ```c
 * struct hash_map {
 *     __u32 map;
 * };
 * ```
 */
export interface HashMapStruct {
  map: number
}

export const HashMapStruct: Codec<HashMapStruct> = {
  size: 4,
  alignment: 4,
  layout: ['size 4', 'map u32 @0'],
  encode(value, view, offset) {
    putU32(view, offset, value.map, 'map')
  },
  decode(view, offset) {
    return { map: view.getUint32(offset, true) }
  },
}

/**
 * ```c
 * struct map {
 *     __u32 class;
 * };
 * ```
 */
export interface MapStruct {
  class: number
}

export const MapStruct: Codec<MapStruct> = {
  size: 4,
  alignment: 4,
  layout: ['size 4', 'class u32 @0'],
  places: () => ({ class: [0, u32] }),
  encode(value, view, offset) {
    putU32(view, offset, value.class, 'class')
  },
  decode(view, offset) {
    return { class: view.getUint32(offset, true) }
  },
}

/**
 * ```c
 * struct drop_event {
 *     ipv4_t source;
 *     __u16 length;
 *     __u32 interface;
 * } __attribute__((packed));
 * ```
 */
export interface DropEvent {
  source: string
  length: number
  interface: number
}

export const DropEvent: Codec<DropEvent> = {
  size: 10,
  alignment: 1,
  layout: ['size 10', 'source be32 @0', 'length u16 @32', 'interface u32 @48'],
  places: () => ({ source: [0, ipv4], length: [4, u16], interface: [6, u32] }),
  encode(value, view, offset) {
    putIpv4(view, offset, value.source, 'source')
    putU16(view, offset + 4, value.length, 'length')
    putU32(view, offset + 6, value.interface, 'interface')
  },
  decode(view, offset) {
    return {
      source: getIpv4(view, offset),
      length: view.getUint16(offset + 4, true),
      interface: view.getUint32(offset + 6, true),
    }
  },
}

/**
 * ```c
 * typedef enum {
 *     HITS_NONE = 0,
 *     HITS_SOME = 1,
 * } hits_t;
 * ```
 */
export const HitsEnum = { None: 0, Some: 1 } as const
export type HitsEnum = (typeof HitsEnum)[keyof typeof HitsEnum]

const verdictCodec: Codec<Verdict> = {
  size: 4,
  alignment: 4,
  layout: ['size 4', '* u32 @0'],
  integer: 'u32',
  encode(value, view, offset) {
    putU32(view, offset, value, '')
  },
  decode(view, offset) {
    return view.getUint32(offset, true) as Verdict
  },
}

const f32Codec: Codec<number> = {
  size: 4,
  alignment: 4,
  layout: ['size 4', '* f32 @0'],
  encode(value, view, offset) {
    putF32(view, offset, value, '')
  },
  decode(view, offset) {
    return view.getFloat32(offset, true)
  },
}

const hitsEnumCodec: Codec<HitsEnum> = {
  size: 4,
  alignment: 4,
  layout: ['size 4', '* u32 @0'],
  integer: 'u32',
  encode(value, view, offset) {
    putU32(view, offset, value, '')
  },
  decode(view, offset) {
    return view.getUint32(offset, true) as HitsEnum
  },
}

/** What everything.bpf.o declares; `load(everything)` of @millrace/core loads it. */
export const everything = defineObject({
  name: 'everything',
  file: new URL('./everything.bpf.o', import.meta.url),
  maps: {
    blocked: LpmTrieMap.spec({ name: 'blocked', key: Prefix, value: Hits, maxEntries: 1024 }),
    sessions: HashMap.spec({ name: 'sessions', key: FlowKey, value: Session, maxEntries: 65536 }),
    opaqueKeys: LruHashMap.spec({ name: 'opaque_keys', key: bytes(12), value: u64, maxEntries: 16 }),
    verdicts: ArrayMap.spec({ name: 'verdicts', value: verdictCodec, maxEntries: 4 }),
    counters: PerCpuArrayMap.spec({ name: 'counters', value: Hits, maxEntries: 2 }),
    ports: PerCpuHashMap.spec({ name: 'ports', key: u16be, value: array(u32, 4), maxEntries: 64 }),
    recent: LruPerCpuHashMap.spec({ name: 'recent', key: HashMapStruct, value: MapStruct, maxEntries: 64 }),
    next: ProgramArray.spec({ name: 'next', programType: 'xdp', maxEntries: 1 }),
    peers: SockMap.spec({ name: 'peers', value: u64, maxEntries: 2 }),
    sockets: SockHash.spec({ name: 'sockets', key: ipv6, value: bytes(4), maxEntries: 64 }),
    drops: RingBuffer.spec({ name: 'drops', event: DropEvent, maxEntries: 262144, overruns: 'drops_overruns' }),
    dropsOverruns: PerCpuArrayMap.spec({ name: 'drops_overruns', value: u64, maxEntries: 1 }),
  },
  programs: {
    firewall: { name: 'firewall', type: 'xdp', section: 'xdp' },
    firewallFrags: { name: 'firewall_frags', type: 'xdp', section: 'xdp.frags' },
  },
  constants: {
    defaultVerdict: { name: 'default_verdict', section: '.rodata', offset: 0, codec: verdictCodec },
    allowedPorts: { name: 'allowed_ports', section: '.rodata', offset: 4, codec: array(u16, 4) },
    interfaceName: { name: 'interface_name', section: '.rodata', offset: 12, codec: string(16) },
    gateway: { name: 'gateway', section: '.rodata', offset: 36, codec: ipv6 },
    isStrict: { name: 'is_strict', section: '.rodata', offset: 52, codec: bool },
  },
  variables: {
    totals: { name: 'totals', section: '.data', offset: 0, codec: Hits },
    packetsSeen: { name: 'packets_seen', section: '.bss', offset: 8, codec: u64 },
    load: { name: 'load', section: '.bss', offset: 16, codec: f32Codec },
    state: { name: 'state', section: '.data.shared', offset: 0, codec: hitsEnumCodec },
  },
})
