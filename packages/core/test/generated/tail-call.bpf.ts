// Written by bpf2ts from tail-call.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { ProgramArray } from '@millrace/maps'

/** What tail-call.bpf.o declares; `load(tailCall)` of @millrace/core loads it. */
export const tailCall = defineObject({
  name: 'tailCall',
  file: new URL('./tail-call.bpf.o', import.meta.url),
  maps: {
    next: ProgramArray.spec({ name: 'next', programType: 'xdp', maxEntries: 1 }),
  },
  programs: {
    entry: { name: 'entry', type: 'xdp', section: 'xdp' },
    dropper: { name: 'dropper', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})
