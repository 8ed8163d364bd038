// Written by bpf2ts from arena.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { Arena, u32, u64 } from '@millrace/maps'
import { getU64, putU32, putU64, zero } from '@millrace/maps/codec'

/**
 * ```c
 * struct root {
 *     __u64 head;
 *     __u64 visits;
 *     __u32 walks;
 * };
 * ```
 */
export interface Root {
  head: bigint
  visits: bigint
  walks: number
}

export const Root: Codec<Root> = {
  size: 24,
  alignment: 8,
  layout: ['size 24', 'head u64 @0', 'visits u64 @64', 'walks u32 @128'],
  places: () => ({ head: [0, u64], visits: [8, u64], walks: [16, u32] }),
  encode(value, view, offset) {
    zero(view, offset + 20, 4)
    putU64(view, offset, value.head, 'head')
    putU64(view, offset + 8, value.visits, 'visits')
    putU32(view, offset + 16, value.walks, 'walks')
  },
  decode(view, offset) {
    return { head: getU64(view, offset), visits: getU64(view, offset + 8), walks: view.getUint32(offset + 16, true) }
  },
}

/** What arena.bpf.o declares; `load(arena)` of @millrace/core loads it. */
export const arena = defineObject({
  name: 'arena',
  file: new URL('./arena.bpf.o', import.meta.url),
  maps: {
    arena: Arena.spec({ name: 'arena', maxEntries: 64 }),
  },
  programs: {
    build: { name: 'build', type: 'syscall', section: 'syscall' },
    release: { name: 'release', type: 'syscall', section: 'syscall' },
    walk: { name: 'walk', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {
    wanted: { name: 'wanted', section: '.data', offset: 0, codec: u32 },
    root: { name: 'root', section: '.addr_space.1', offset: 0, codec: Root },
    sum: { name: 'sum', section: '.bss', offset: 0, codec: u64 },
    length: { name: 'length', section: '.bss', offset: 8, codec: u32 },
  },
})
