// Written by bpf2ts from events.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { HashMap, mac, PerCpuArrayMap, RingBuffer, u16be, u32, u64 } from '@millrace/maps'
import { getMac, getU64, putMac, putU16be, putU32, putU64 } from '@millrace/maps/codec'

/**
 * ```c
 * struct frame_event {
 *     mac_t source;
 *     __be16 protocol;
 *     __u32 length;
 * };
 * ```
 */
export interface FrameEvent {
  source: string
  protocol: number
  length: number
}

export const FrameEvent: Codec<FrameEvent> = {
  size: 12,
  alignment: 4,
  layout: ['size 12', 'source.bytes[6] u8 @0', 'protocol be16 @48', 'length u32 @64'],
  places: () => ({ source: [0, mac], protocol: [6, u16be], length: [8, u32] }),
  encode(value, view, offset) {
    putMac(view, offset, value.source, 'source')
    putU16be(view, offset + 6, value.protocol, 'protocol')
    putU32(view, offset + 8, value.length, 'length')
  },
  decode(view, offset) {
    return {
      source: getMac(view, offset),
      protocol: view.getUint16(offset + 6),
      length: view.getUint32(offset + 8, true),
    }
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

/** What events.bpf.o declares; `load(events)` of @millrace/core loads it. */
export const events = defineObject({
  name: 'events',
  file: new URL('./events.bpf.o', import.meta.url),
  maps: {
    frames: RingBuffer.spec({ name: 'frames', event: FrameEvent, maxEntries: 4096, overruns: 'frames_overruns' }),
    framesOverruns: PerCpuArrayMap.spec({ name: 'frames_overruns', value: u64, maxEntries: 1 }),
    framesByParity: PerCpuArrayMap.spec({ name: 'frames_by_parity', value: MrCounter, maxEntries: 2 }),
    framesBySource: HashMap.spec({ name: 'frames_by_source', key: mac, value: MrCounter, maxEntries: 16 }),
  },
  programs: {
    report: { name: 'report', type: 'xdp', section: 'xdp' },
    count: { name: 'count', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})
