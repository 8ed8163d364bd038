// Written by bpf2ts from perf.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { PerfEventArray, u32, u64 } from '@millrace/maps'
import { getU64, putU32, putU64, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct sample {
 *     __u64 sequence;
 *     __u32 length;
 * };
 * ```
 */
export interface Sample {
  sequence: bigint
  length: number
}

export const Sample: Codec<Sample> = {
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

/** What perf.bpf.o declares; `load(perf)` of @millrace/core loads it. */
export const perf = defineObject({
  name: 'perf',
  file: new URL('./perf.bpf.o', import.meta.url),
  maps: {
    samples: PerfEventArray.spec({ name: 'samples', event: Sample, maxEntries: 0 }),
  },
  programs: {
    sample: { name: 'sample', type: 'xdp', section: 'xdp' },
    tell: { name: 'tell', type: 'raw_tracepoint', section: 'raw_tracepoint' },
  },
  constants: {},
  variables: {
    sequence: { name: 'sequence', section: '.bss', offset: 0, codec: u64 },
  },
})
