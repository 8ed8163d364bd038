// Written by bpf2ts from own_address.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { ipv4 } from '@millrace/maps'

/** What own_address.bpf.o declares; `load(ownAddress)` of @millrace/core loads it. */
export const ownAddress = defineObject({
  name: 'ownAddress',
  file: new URL('./own_address.bpf.o', import.meta.url),
  maps: {},
  programs: {
    bind4: { name: 'bind4', type: 'cgroup_sock_addr', section: 'cgroup/bind4' },
  },
  constants: {
    ownAddress: { name: 'own_address', section: '.rodata', offset: 0, codec: ipv4 },
  },
  variables: {},
})
