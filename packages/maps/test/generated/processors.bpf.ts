// Written by bpf2ts from processors.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { CpuMap, u32 } from '@millrace/maps'

/** What processors.bpf.o declares; `load(processors)` of @millrace/core loads it. */
export const processors = defineObject({
  name: 'processors',
  file: new URL('./processors.bpf.o', import.meta.url),
  maps: {
    cpus: CpuMap.spec({ name: 'cpus', maxEntries: 1 }),
    plainCpus: CpuMap.spec({ name: 'plain_cpus', maxEntries: 1 }),
  },
  programs: {
    toChosen: { name: 'to_chosen', type: 'xdp', section: 'xdp' },
    plain: { name: 'plain', type: 'xdp', section: 'xdp' },
    arrived: { name: 'arrived', type: 'xdp', section: 'xdp/cpumap' },
    forDevice: { name: 'for_device', type: 'xdp', section: 'xdp/devmap' },
  },
  constants: {},
  variables: {
    chosen: { name: 'chosen', section: '.bss', offset: 0, codec: u32 },
    ran: { name: 'ran', section: '.bss', offset: 4, codec: u32 },
    ranOn: { name: 'ran_on', section: '.bss', offset: 8, codec: u32 },
  },
})
