// Written by bpf2ts from small.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { HashMap, u32, u64 } from '@millrace/maps'

/** What small.bpf.o declares; `load(small)` of @millrace/core loads it. */
export const small = defineObject({
  name: 'small',
  file: new URL('./small.bpf.o', import.meta.url),
  maps: {
    packets: HashMap.spec({ name: 'packets', key: u32, value: u64, maxEntries: 1024 }),
  },
  programs: {
    count: { name: 'count', type: 'xdp', section: 'xdp' },
  },
  constants: {
    verdict: { name: 'verdict', section: '.rodata', offset: 0, codec: u32 },
  },
  variables: {},
})
