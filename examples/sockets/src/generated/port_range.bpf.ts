// Written by bpf2ts from port_range.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { ipv4, SockMap, u16, u64 } from '@millrace/maps'

/** What port_range.bpf.o declares; `load(portRange)` of @millrace/core loads it. */
export const portRange = defineObject({
  name: 'portRange',
  file: new URL('./port_range.bpf.o', import.meta.url),
  maps: {
    listeners: SockMap.spec({ name: 'listeners', value: u64, maxEntries: 1 }),
  },
  programs: {
    choose: { name: 'choose', type: 'sk_lookup', section: 'sk_lookup' },
  },
  constants: {
    address: { name: 'address', section: '.rodata', offset: 0, codec: ipv4 },
    firstPort: { name: 'first_port', section: '.rodata', offset: 4, codec: u16 },
    lastPort: { name: 'last_port', section: '.rodata', offset: 6, codec: u16 },
  },
  variables: {},
})
