// Written by bpf2ts from inject.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, u32 } from '@millrace/maps'
import { getBytes, putBytes, putU32 } from '@millrace/maps/codec'

/**
 * ```c
 * struct frame {
 *     __u32 length;
 *     __u8 bytes[1024];
 * };
 * ```
 */
export interface Frame {
  length: number
  bytes: Uint8Array
}

export const Frame: Codec<Frame> = {
  size: 1028,
  alignment: 4,
  layout: ['size 1028', 'length u32 @0', 'bytes[1024] u8 @32'],
  encode(value, view, offset) {
    putU32(view, offset, value.length, 'length')
    putBytes(view, offset + 4, 1024, value.bytes, 'bytes')
  },
  decode(view, offset) {
    return { length: view.getUint32(offset, true), bytes: getBytes(view, offset + 4, 1024) }
  },
}

/** What inject.bpf.o declares; `load(inject)` of @millrace/core loads it. */
export const inject = defineObject({
  name: 'inject',
  file: new URL('./inject.bpf.o', import.meta.url),
  maps: {
    frames: ArrayMap.spec({ name: 'frames', value: Frame, maxEntries: 1 }),
  },
  programs: {
    inject: { name: 'inject', type: 'xdp', section: 'xdp' },
    take: { name: 'take', type: 'xdp', section: 'xdp' },
  },
  constants: {
    outIfindex: { name: 'out_ifindex', section: '.rodata', offset: 0, codec: u32 },
  },
  variables: {},
})
