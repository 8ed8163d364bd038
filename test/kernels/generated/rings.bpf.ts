// Written by bpf2ts from rings.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { PerCpuArrayMap, PerfEventArray, RingBuffer, u32, u64 } from '@millrace/maps'
import { getU64, putU32, putU64, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct event {
 *     __u64 sequence;
 *     __u32 length;
 * };
 * ```
 */
export interface Event {
  sequence: bigint
  length: number
}

export const Event: Codec<Event> = {
  size: 16,
  alignment: 8,
  layout: ['size 16', 'sequence u64 @0', 'length u32 @64'],
  places: () => ({ sequence: [0, u64], length: [8, u32] }),
  encode(value, view, offset) {
    zero(view, offset + 12, 4)
    putU64(view, offset, value.sequence, 'sequence')
    putU32(view, offset + 8, value.length, 'length')
  },
  decode(view, offset) {
    return { sequence: getU64(view, offset), length: view.getUint32(offset + 8, true) }
  },
}

/** What rings.bpf.o declares; `load(rings)` of @millrace/core loads it. */
export const rings = defineObject({
  name: 'rings',
  file: new URL('./rings.bpf.o', import.meta.url),
  maps: {
    events: RingBuffer.spec({ name: 'events', event: Event, maxEntries: 4096, overruns: 'events_overruns' }),
    eventsOverruns: PerCpuArrayMap.spec({ name: 'events_overruns', value: u64, maxEntries: 1 }),
    samples: PerfEventArray.spec({ name: 'samples', event: Event, maxEntries: 0 }),
  },
  programs: {
    emit: { name: 'emit', type: 'xdp', section: 'xdp' },
    sample: { name: 'sample', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {
    sequence: { name: 'sequence', section: '.bss', offset: 0, codec: u64 },
  },
})
