// Written by bpf2ts from flows.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { u32, u64 } from '@millrace/maps'

/** What flows.bpf.o declares; `load(flows)` of @millrace/core loads it. */
export const flows = defineObject({
  name: 'flows',
  file: new URL('./flows.bpf.o', import.meta.url),
  maps: {},
  programs: {
    dissect: { name: 'dissect', type: 'flow_dissector', section: 'flow_dissector' },
    showHash: { name: 'show_hash', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {
    dissected: { name: 'dissected', section: '.bss', offset: 0, codec: u64 },
    hash: { name: 'hash', section: '.bss', offset: 8, codec: u32 },
  },
})
