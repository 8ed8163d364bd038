// Written by bpf2ts from tag.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { u16 } from '@millrace/maps'

/** What tag.bpf.o declares; `load(tag)` of @millrace/core loads it. */
export const tag = defineObject({
  name: 'tag',
  file: new URL('./tag.bpf.o', import.meta.url),
  maps: {},
  programs: {
    tag: { name: 'tag', type: 'sched_cls', section: 'tc' },
  },
  constants: {
    innerTci: { name: 'inner_tci', section: '.rodata', offset: 0, codec: u16 },
    outerTci: { name: 'outer_tci', section: '.rodata', offset: 2, codec: u16 },
  },
  variables: {},
})
