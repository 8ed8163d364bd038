// Written by bpf2ts from flow_dissector.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { u32, u64 } from '@millrace/maps'

/** What flow_dissector.bpf.o declares; `load(flowDissector)` of @millrace/core loads it. */
export const flowDissector = defineObject({
  name: 'flowDissector',
  file: new URL('./flow_dissector.bpf.o', import.meta.url),
  maps: {},
  programs: {
    dissect: { name: 'dissect', type: 'flow_dissector', section: 'flow_dissector' },
    byHost: { name: 'by_host', type: 'flow_dissector', section: 'flow_dissector' },
    ask: { name: 'ask', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {
    asked: { name: 'asked', section: '.bss', offset: 0, codec: u64 },
    flags: { name: 'flags', section: '.bss', offset: 8, codec: u32 },
    hash: { name: 'hash', section: '.bss', offset: 12, codec: u32 },
  },
})
