// Written by bpf2ts from end_xdp.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { i32 } from '@millrace/maps'

/** What end_xdp.bpf.o declares; `load(endXdp)` of @millrace/core loads it. */
export const endXdp = defineObject({
  name: 'endXdp',
  file: new URL('./end_xdp.bpf.o', import.meta.url),
  maps: {},
  programs: {
    end: { name: 'end', type: 'xdp', section: 'xdp' },
  },
  constants: {
    verdict: { name: 'verdict', section: '.rodata', offset: 0, codec: i32 },
  },
  variables: {},
})
