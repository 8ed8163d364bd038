// Written by bpf2ts from record.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { HashMap, u64 } from '@millrace/maps'
import { getBytes, putBytes, putU8 } from '@millrace/maps/codec'

/**
 * ```c
 * struct trace {
 *     __u8 seen;
 *     __u8 by[47];
 * };
 * ```
 */
export interface Trace {
  seen: number
  by: Uint8Array
}

export const Trace: Codec<Trace> = {
  size: 48,
  alignment: 1,
  layout: ['size 48', 'seen u8 @0', 'by[47] u8 @8'],
  encode(value, view, offset) {
    putU8(view, offset, value.seen, 'seen')
    putBytes(view, offset + 1, 47, value.by, 'by')
  },
  decode(view, offset) {
    return { seen: view.getUint8(offset), by: getBytes(view, offset + 1, 47) }
  },
}

/** What record.bpf.o declares; `load(record)` of @millrace/core loads it. */
export const record = defineObject({
  name: 'record',
  file: new URL('./record.bpf.o', import.meta.url),
  maps: {
    traces: HashMap.spec({ name: 'traces', key: Trace, value: u64, maxEntries: 16384 }),
  },
  programs: {
    record: { name: 'record', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {},
})
