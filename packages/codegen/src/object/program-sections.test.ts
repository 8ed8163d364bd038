import { describe, expect, it } from 'vitest'
import { programKindOf } from './program-sections.js'

describe('programKindOf', () => {
  it.each([
    ['xdp', 'xdp'],
    ['xdp.frags', 'xdp'],
    ['xdp/devmap', 'xdp'],
    ['xdp.frags/cpumap', 'xdp'],
    ['tc', 'sched_cls'],
    ['classifier', 'sched_cls'],
    ['tcx/ingress', 'sched_cls'],
    ['netkit/peer', 'sched_cls'],
    ['action', 'sched_act'],
    ['socket', 'socket_filter'],
    ['cgroup/connect4', 'cgroup_sock_addr'],
    ['cgroup/sendmsg6', 'cgroup_sock_addr'],
    ['cgroup/sock_create', 'cgroup_sock'],
    ['cgroup/skb', 'cgroup_skb'],
    ['cgroup_skb/egress', 'cgroup_skb'],
    ['sk_lookup', 'sk_lookup'],
    ['sockops', 'sock_ops'],
    ['sk_msg', 'sk_msg'],
    ['sk_skb/stream_verdict', 'sk_skb'],
    ['sk_reuseport/migrate', 'sk_reuseport'],
    ['flow_dissector', 'flow_dissector'],
    ['lwt_xmit', 'lwt_xmit'],
    ['lwt_seg6local', 'lwt_seg6local'],
    ['kprobe/do_unlinkat', 'kprobe'],
    ['uprobe//proc/self/exe:main', 'kprobe'],
    ['kprobe', 'kprobe'],
    ['tracepoint/syscalls/sys_enter_openat', 'tracepoint'],
    ['tp/xdp/xdp_redirect', 'tracepoint'],
    ['raw_tp/xdp_exception', 'raw_tracepoint'],
    ['fentry/tcp_v4_connect', 'tracing'],
    ['fexit.s/vfs_open', 'tracing'],
    ['iter/bpf_map', 'tracing'],
    ['freplace/old', 'ext'],
    ['lsm/file_open', 'lsm'],
    ['struct_ops/ssthresh', 'struct_ops'],
    ['netfilter', 'netfilter'],
    ['syscall', 'syscall'],
  ])('%s is %s', (section, kind) => {
    expect(programKindOf(section)).toBe(kind)
  })

  it.each(['', '/', 'xdp_firewall', 'xdp/firewall', 'tc/firewall', 'kprobes', 'constructor', 'license'])(
    '%j is none',
    (section) => {
      expect(programKindOf(section)).toBeUndefined()
    },
  )
})
