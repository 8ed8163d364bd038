// Written by bpf2ts from keyless.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { BloomFilter, Queue, Stack, u32 } from '@millrace/maps'

/** What keyless.bpf.o declares; `load(keyless)` of @millrace/core loads it. */
export const keyless = defineObject({
  name: 'keyless',
  file: new URL('./keyless.bpf.o', import.meta.url),
  maps: {
    asked: Queue.spec({ name: 'asked', value: u32, maxEntries: 4 }),
    known: BloomFilter.spec({ name: 'known', value: u32, maxEntries: 100 }),
    answered: Stack.spec({ name: 'answered', value: u32, maxEntries: 4 }),
  },
  programs: {
    answer: { name: 'answer', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})
