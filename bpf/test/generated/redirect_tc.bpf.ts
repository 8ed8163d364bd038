// Written by bpf2ts from redirect_tc.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { ipv4, ipv6, u32 } from '@millrace/maps'

/** What redirect_tc.bpf.o declares; `load(redirectTc)` of @millrace/core loads it. */
export const redirectTc = defineObject({
  name: 'redirectTc',
  file: new URL('./redirect_tc.bpf.o', import.meta.url),
  maps: {},
  programs: {
    redirect: { name: 'redirect', type: 'sched_cls', section: 'tc' },
    redirectPeer: { name: 'redirect_peer', type: 'sched_cls', section: 'tc' },
    redirectNeighbour: { name: 'redirect_neighbour', type: 'sched_cls', section: 'tc' },
    redirectNeighbourIpv4: { name: 'redirect_neighbour_ipv4', type: 'sched_cls', section: 'tc' },
    redirectNeighbourIpv6: { name: 'redirect_neighbour_ipv6', type: 'sched_cls', section: 'tc' },
  },
  constants: {
    targetIfindex: { name: 'target_ifindex', section: '.rodata', offset: 0, codec: u32 },
    nextHopIpv4: { name: 'next_hop_ipv4', section: '.rodata', offset: 4, codec: ipv4 },
    nextHopIpv6: { name: 'next_hop_ipv6', section: '.rodata', offset: 8, codec: ipv6 },
  },
  variables: {},
})
