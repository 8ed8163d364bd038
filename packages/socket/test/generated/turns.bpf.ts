// Written by bpf2ts from turns.bpf.o; change the C and run bpf2ts again.
import { defineObject } from '@millrace/core'
import { u64 } from '@millrace/maps'

/** What turns.bpf.o declares; `load(turns)` of @millrace/core loads it. */
export const turns = defineObject({
  name: 'turns',
  file: new URL('./turns.bpf.o', import.meta.url),
  maps: {},
  programs: {
    one: { name: 'one', type: 'cgroup_sock_addr', section: 'cgroup/connect4' },
    two: { name: 'two', type: 'cgroup_sock_addr', section: 'cgroup/connect4' },
    three: { name: 'three', type: 'cgroup_sock_addr', section: 'cgroup/connect4' },
    four: { name: 'four', type: 'cgroup_sock_addr', section: 'cgroup/connect4' },
    deny: { name: 'deny', type: 'cgroup_sock_addr', section: 'cgroup/connect4' },
    bound: { name: 'bound', type: 'cgroup_sock_addr', section: 'cgroup/bind4' },
    received: { name: 'received', type: 'cgroup_skb', section: 'cgroup_skb/ingress' },
    eitherWay: { name: 'either_way', type: 'cgroup_skb', section: 'cgroup/skb' },
    created: { name: 'created', type: 'cgroup_sock', section: 'cgroup/sock' },
    told: { name: 'told', type: 'sock_ops', section: 'sockops' },
    notCgroup: { name: 'not_cgroup', type: 'sched_cls', section: 'tc' },
  },
  constants: {},
  variables: {
    turns: { name: 'turns', section: '.bss', offset: 0, codec: u64 },
  },
})
