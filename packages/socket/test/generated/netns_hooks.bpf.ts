// Written by bpf2ts from netns_hooks.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { u64 } from '@millrace/maps'

/** What netns_hooks.bpf.o declares; `load(netnsHooks)` of @millrace/core loads it. */
export const netnsHooks = defineObject({
  name: 'netnsHooks',
  file: new URL('./netns_hooks.bpf.o', import.meta.url),
  maps: {},
  programs: {
    lookOne: { name: 'look_one', type: 'sk_lookup', section: 'sk_lookup' },
    lookTwo: { name: 'look_two', type: 'sk_lookup', section: 'sk_lookup' },
    dissectOne: { name: 'dissect_one', type: 'flow_dissector', section: 'flow_dissector' },
    dissectTwo: { name: 'dissect_two', type: 'flow_dissector', section: 'flow_dissector' },
  },
  constants: {},
  variables: {
    turns: { name: 'turns', section: '.bss', offset: 0, codec: u64 },
  },
})
