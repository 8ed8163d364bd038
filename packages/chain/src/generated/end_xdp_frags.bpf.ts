// Written by bpf2ts from end_xdp_frags.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { i32 } from '@millrace/maps'

/** What end_xdp_frags.bpf.o declares; `load(endXdpFrags)` of @millrace/core loads it. */
export const endXdpFrags = defineObject({
  name: 'endXdpFrags',
  file: new URL('./end_xdp_frags.bpf.o', import.meta.url),
  maps: {},
  programs: {
    end: { name: 'end', type: 'xdp', section: 'xdp.frags' },
  },
  constants: {
    verdict: { name: 'verdict', section: '.rodata', offset: 0, codec: i32 },
  },
  variables: {},
})
