// Written by bpf2ts from only_tcp.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { u32, u64 } from '@millrace/maps'

/** What only_tcp.bpf.o declares; `load(onlyTcp)` of @millrace/core loads it. */
export const onlyTcp = defineObject({
  name: 'onlyTcp',
  file: new URL('./only_tcp.bpf.o', import.meta.url),
  maps: {},
  programs: {
    sockCreate: { name: 'sock_create', type: 'cgroup_sock', section: 'cgroup/sock_create' },
  },
  constants: {
    mark: { name: 'mark', section: '.rodata', offset: 0, codec: u32 },
  },
  variables: {
    refused: { name: 'refused', section: '.bss', offset: 0, codec: u64 },
  },
})
