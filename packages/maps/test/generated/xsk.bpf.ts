// Written by bpf2ts from xsk.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { XskMap } from '@millrace/maps'

/** What xsk.bpf.o declares; `load(xsk)` of @millrace/core loads it. */
export const xsk = defineObject({
  name: 'xsk',
  file: new URL('./xsk.bpf.o', import.meta.url),
  maps: {
    sockets: XskMap.spec({ name: 'sockets', maxEntries: 4 }),
  },
  programs: {
    toSocket: { name: 'to_socket', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {},
})
