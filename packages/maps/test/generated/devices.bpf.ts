// Written by bpf2ts from devices.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { DevMap, DevMapHash, u32 } from '@millrace/maps'

/** What devices.bpf.o declares; `load(devices)` of @millrace/core loads it. */
export const devices = defineObject({
  name: 'devices',
  file: new URL('./devices.bpf.o', import.meta.url),
  maps: {
    ports: DevMap.spec({ name: 'ports', maxEntries: 4 }),
    plainPorts: DevMap.spec({ name: 'plain_ports', maxEntries: 4 }),
    wires: DevMapHash.spec({ name: 'wires', maxEntries: 4 }),
  },
  programs: {
    pass: { name: 'pass', type: 'xdp', section: 'xdp' },
    toPort: { name: 'to_port', type: 'xdp', section: 'xdp' },
    toPlainPort: { name: 'to_plain_port', type: 'xdp', section: 'xdp' },
    alongWire: { name: 'along_wire', type: 'xdp', section: 'xdp' },
    toAllOthers: { name: 'to_all_others', type: 'xdp', section: 'xdp' },
    stamp: { name: 'stamp', type: 'xdp', section: 'xdp/devmap' },
    stampFrags: { name: 'stamp_frags', type: 'xdp', section: 'xdp.frags/devmap' },
    forCpu: { name: 'for_cpu', type: 'xdp', section: 'xdp/cpumap' },
    notXdp: { name: 'not_xdp', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {
    stamped: { name: 'stamped', section: '.bss', offset: 0, codec: u32 },
    stampedIfindex: { name: 'stamped_ifindex', section: '.bss', offset: 4, codec: u32 },
  },
})
