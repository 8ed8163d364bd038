// Written by bpf2ts from basic.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, bool, bytes, i8, i16, i32, i64, PerCpuHashMap, u8, u16, u32, u64 } from '@millrace/maps'
import { getU64, putU64 } from '@millrace/maps/codec'

/**
 * ```c
 * struct counter {
 *     __u64 packets;
 *     __u64 bytes;
 * };
 * ```
 */
export interface Counter {
  packets: bigint
  bytes: bigint
}

export const Counter: Codec<Counter> = {
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

/** What basic.bpf.o declares; `load(basic)` of @millrace/core loads it. */
export const basic = defineObject({
  name: 'basic',
  file: new URL('./basic.bpf.o', import.meta.url),
  maps: {
    counters: ArrayMap.spec({ name: 'counters', value: Counter, maxEntries: 4 }),
    perCpu: PerCpuHashMap.spec({ name: 'per_cpu', key: u32, value: u32, maxEntries: 64 }),
  },
  programs: {
    decide: { name: 'decide', type: 'xdp', section: 'xdp' },
    mark: { name: 'mark', type: 'sched_cls', section: 'tc' },
  },
  constants: {
    verdict: { name: 'verdict', section: '.rodata', offset: 0, codec: u32 },
    threshold: { name: 'threshold', section: '.rodata', offset: 8, codec: u64 },
    enabled: { name: 'enabled', section: '.rodata', offset: 16, codec: u8 },
  },
  variables: {
    dataU8: { name: 'data_u8', section: '.data', offset: 0, codec: u8 },
    dataU16: { name: 'data_u16', section: '.data', offset: 2, codec: u16 },
    dataU32: { name: 'data_u32', section: '.data', offset: 4, codec: u32 },
    dataU64: { name: 'data_u64', section: '.data', offset: 8, codec: u64 },
    dataI8: { name: 'data_i8', section: '.data', offset: 16, codec: i8 },
    dataI16: { name: 'data_i16', section: '.data', offset: 18, codec: i16 },
    dataI32: { name: 'data_i32', section: '.data', offset: 20, codec: i32 },
    dataI64: { name: 'data_i64', section: '.data', offset: 24, codec: i64 },
    dataBool: { name: 'data_bool', section: '.data', offset: 32, codec: bool },
    dataBytes: { name: 'data_bytes', section: '.data', offset: 33, codec: bytes(4) },
    dataCounter: { name: 'data_counter', section: '.data', offset: 40, codec: Counter },
    seen: { name: 'seen', section: '.bss', offset: 0, codec: u64 },
    lastLength: { name: 'last_length', section: '.bss', offset: 8, codec: u32 },
  },
})
