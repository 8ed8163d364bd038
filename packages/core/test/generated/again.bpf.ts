// Written by bpf2ts from again.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { ArrayMap, HashMap, i32, ProgramArray, u8, u32, u64 } from '@millrace/maps'

/** What again.bpf.o declares; `load(again)` of @millrace/core loads it. */
export const again = defineObject({
  name: 'again',
  file: new URL('./again.bpf.o', import.meta.url),
  maps: {
    next: ProgramArray.spec({ name: 'next', programType: 'xdp', maxEntries: 1 }),
    totals: HashMap.spec({ name: 'totals', key: u32, value: u64, maxEntries: 16 }),
    againPinned: ArrayMap.spec({ name: 'again_pinned', value: u64, maxEntries: 1 }),
  },
  programs: {
    first: { name: 'first', type: 'xdp', section: 'xdp' },
    second: { name: 'second', type: 'xdp', section: 'xdp' },
  },
  constants: {
    step: { name: 'step', section: '.rodata', offset: 0, codec: u32 },
    verdict: { name: 'verdict', section: '.rodata', offset: 4, codec: i32 },
    broken: { name: 'broken', section: '.rodata', offset: 8, codec: u8 },
  },
  variables: {
    limit: { name: 'limit', section: '.data', offset: 0, codec: u64 },
    seen: { name: 'seen', section: '.bss', offset: 0, codec: u64 },
  },
})
