// Written by bpf2ts from verdicts.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'

/** What verdicts.bpf.o declares; `load(verdicts)` of @millrace/core loads it. */
export const verdicts = defineObject({
  name: 'verdicts',
  file: new URL('./verdicts.bpf.o', import.meta.url),
  maps: {},
  programs: {
    xdpVerdict: { name: 'xdp_verdict', type: 'xdp', section: 'xdp' },
    xdpTtl: { name: 'xdp_ttl', type: 'xdp', section: 'xdp' },
    xdpMetadata: { name: 'xdp_metadata', type: 'xdp', section: 'xdp' },
    tcMark: { name: 'tc_mark', type: 'sched_cls', section: 'tc' },
    tcUnspec: { name: 'tc_unspec', type: 'sched_cls', section: 'tc' },
    cgroupUdp: { name: 'cgroup_udp', type: 'cgroup_skb', section: 'cgroup_skb/ingress' },
  },
  constants: {},
  variables: {},
})
