// Written by bpf2ts from end_tc.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { i32 } from '@millrace/maps'

/** What end_tc.bpf.o declares; `load(endTc)` of @millrace/core loads it. */
export const endTc = defineObject({
  name: 'endTc',
  file: new URL('./end_tc.bpf.o', import.meta.url),
  maps: {},
  programs: {
    end: { name: 'end', type: 'sched_cls', section: 'tc' },
  },
  constants: {
    verdict: { name: 'verdict', section: '.rodata', offset: 0, codec: i32 },
  },
  variables: {},
})
