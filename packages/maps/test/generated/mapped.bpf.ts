// Written by bpf2ts from mapped.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, array, bytes, i32, i64, string, u16, u32, u32be, u64 } from '@millrace/maps'
import {
  bitField,
  getArray,
  getBits,
  getBytes,
  getI64,
  getString,
  getU64,
  putArray,
  putBits,
  putBytes,
  putI32,
  putI64,
  putString,
  putStruct,
  putU16,
  putU32,
  putU32be,
  putU64,
  putUnion,
  type UnionMember,
  zero,
} from '@millrace/maps/codec'

/**
 * ```c
 * struct inner {
 *     __u16 port;
 *     __u8 flags : 3;
 *     __u8 kind : 5;
 * };
 * ```
 */
export interface Inner {
  port: number
  flags: number
  kind: number
}

export const Inner: Codec<Inner> = {
  size: 4,
  alignment: 2,
  layout: ['size 4', 'port u16 @0', 'flags u3 @16', 'kind u5 @19'],
  places: () => ({ port: [0, u16], flags: [2, bitField(0, 3)], kind: [2, bitField(3, 5)] }),
  encode(value, view, offset) {
    zero(view, offset + 2, 2)
    putU16(view, offset, value.port, 'port')
    putBits(view, offset + 2, 0, 3, value.flags, 'flags')
    putBits(view, offset + 2, 3, 5, value.kind, 'kind')
  },
  decode(view, offset) {
    return {
      port: view.getUint16(offset, true),
      flags: getBits(view, offset + 2, 0, 3),
      kind: getBits(view, offset + 2, 3, 5),
    }
  },
}

/**
 * ```c
 * enum state {
 *     STATE_IDLE = 0,
 *     STATE_BUSY = 1,
 * };
 * ```
 */
export const State = { Idle: 0, Busy: 1 } as const
export type State = (typeof State)[keyof typeof State]

/**
 * ```c
 * struct cell {
 *     __u64 packets;
 *     __s64 balance;
 *     __u32 hits;
 *     __s32 delta;
 *     struct inner inner;
 *     __be32 address;
 *     char name[8];
 *     __u64 counts[4];
 *     struct inner ports[2];
 *     enum state state;
 *     union {
 *         __u32 word;
 *         __u8 octets[4];
 *     };
 * };
 * ```
 */
export interface Cell {
  packets: bigint
  balance: bigint
  hits: number
  delta: number
  inner: Inner
  address: number
  name: string
  counts: bigint[]
  ports: Inner[]
  state: State
  word?: number | undefined
  octets?: Uint8Array | undefined
}

export const Cell: Codec<Cell> = {
  size: 88,
  alignment: 8,
  layout: [
    'size 88',
    'packets u64 @0',
    'balance i64 @64',
    'hits u32 @128',
    'delta i32 @160',
    'inner.port u16 @192',
    'inner.flags u3 @208',
    'inner.kind u5 @211',
    'address be32 @224',
    'name[8] i8 @256',
    'counts[4] u64 @320',
    'ports[2] struct4 @576',
    'ports[2].port u16 @576',
    'ports[2].flags u3 @592',
    'ports[2].kind u5 @595',
    'state u32 @640',
    'word u32 @672',
    'octets[4] u8 @672',
  ],
  places: () => ({
    packets: [0, u64],
    balance: [8, i64],
    hits: [16, u32],
    delta: [20, i32],
    inner: [24, Inner],
    address: [28, u32be],
    name: [32, string(8)],
    counts: [40, array(u64, 4)],
    ports: [72, array(Inner, 2)],
    state: [80, u32],
    word: [84, u32],
    octets: [84, bytes(4)],
  }),
  encode(value, view, offset) {
    putU64(view, offset, value.packets, 'packets')
    putI64(view, offset + 8, value.balance, 'balance')
    putU32(view, offset + 16, value.hits, 'hits')
    putI32(view, offset + 20, value.delta, 'delta')
    putStruct(view, offset + 24, Inner, value.inner, 'inner')
    putU32be(view, offset + 28, value.address, 'address')
    putString(view, offset + 32, 8, value.name, 'name')
    putArray(view, offset + 40, 8, 4, value.counts, putU64, 'counts')
    putArray(
      view,
      offset + 72,
      4,
      2,
      value.ports,
      (view, at, value, path) => putStruct(view, at, Inner, value, path),
      'ports',
    )
    putU32(view, offset + 80, value.state, 'state')
    const members: UnionMember[] = [
      ['word', (view, at) => putU32(view, at, value.word as number, 'word')],
      ['octets', (view, at) => putBytes(view, at, 4, value.octets as Uint8Array, 'octets')],
    ]
    putUnion(view, offset + 84, 4, value, members, '')
  },
  decode(view, offset) {
    return {
      packets: getU64(view, offset),
      balance: getI64(view, offset + 8),
      hits: view.getUint32(offset + 16, true),
      delta: view.getInt32(offset + 20, true),
      inner: Inner.decode(view, offset + 24),
      address: view.getUint32(offset + 28),
      name: getString(view, offset + 32, 8),
      counts: getArray(view, offset + 40, 8, 4, getU64),
      ports: getArray(view, offset + 72, 4, 2, Inner.decode),
      state: view.getUint32(offset + 80, true) as State,
      word: view.getUint32(offset + 84, true),
      octets: getBytes(view, offset + 84, 4),
    }
  },
}

/** What mapped.bpf.o declares; `load(mapped)` of @millrace/core loads it. */
export const mapped = defineObject({
  name: 'mapped',
  file: new URL('./mapped.bpf.o', import.meta.url),
  maps: {
    cells: ArrayMap.spec({ name: 'cells', value: Cell, maxEntries: 4 }),
    pair: ArrayMap.spec({ name: 'pair', value: u64, maxEntries: 4 }),
  },
  programs: {
    add: { name: 'add', type: 'xdp', section: 'xdp' },
    writeWhole: { name: 'write_whole', type: 'xdp', section: 'xdp' },
    fill: { name: 'fill', type: 'xdp', section: 'xdp' },
  },
  constants: {
    step: { name: 'step', section: '.rodata', offset: 0, codec: u32 },
  },
  variables: {
    first: { name: 'first', section: '.data', offset: 0, codec: Cell },
    total: { name: 'total', section: '.bss', offset: 0, codec: u64 },
    total32: { name: 'total32', section: '.bss', offset: 8, codec: u32 },
    last: { name: 'last', section: '.bss', offset: 16, codec: Cell },
  },
})
