// Written by bpf2ts from frags.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'

/** What frags.bpf.o declares; `load(frags)` of @millrace/core loads it. */
export const frags = defineObject({
  name: 'frags',
  file: new URL('./frags.bpf.o', import.meta.url),
  maps: {},
  programs: {
    withFrags: { name: 'with_frags', type: 'xdp', section: 'xdp.frags' },
    withoutFrags: { name: 'without_frags', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})
