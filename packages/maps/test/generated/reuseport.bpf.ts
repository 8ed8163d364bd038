// Written by bpf2ts from reuseport.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { i32, ReuseportSockArray, u32 } from '@millrace/maps'

/** What reuseport.bpf.o declares; `load(reuseport)` of @millrace/core loads it. */
export const reuseport = defineObject({
  name: 'reuseport',
  file: new URL('./reuseport.bpf.o', import.meta.url),
  maps: {
    workers: ReuseportSockArray.spec({ name: 'workers', maxEntries: 4 }),
  },
  programs: {
    choose: { name: 'choose', type: 'sk_reuseport', section: 'sk_reuseport' },
    refuse: { name: 'refuse', type: 'sk_reuseport', section: 'sk_reuseport' },
    other: { name: 'other', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {
    chosen: { name: 'chosen', section: '.bss', offset: 0, codec: u32 },
    asked: { name: 'asked', section: '.bss', offset: 4, codec: u32 },
    lastResult: { name: 'last_result', section: '.bss', offset: 8, codec: i32 },
  },
})
