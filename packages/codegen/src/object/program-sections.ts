/**
 * Which kind of program libbpf makes of a section's name (docs/program_types.rst of libbpf). A name that ends in `+` may be
 * followed by `/` and more, as in `kprobe/do_unlinkat`; the others stand alone. Kinds are named as bpftool prints them.
 */
const kinds: Readonly<Record<string, readonly string[]>> = {
  socket_filter: ['socket'],
  sk_reuseport: ['sk_reuseport', 'sk_reuseport/migrate'],
  kprobe: [
    ...['kprobe+', 'kretprobe+', 'kprobe.multi+', 'kretprobe.multi+', 'kprobe.session+', 'ksyscall+', 'kretsyscall+'],
    ...['uprobe+', 'uretprobe+', 'uprobe.s+', 'uretprobe.s+', 'uprobe.multi+', 'uretprobe.multi+', 'uprobe.multi.s+'],
    ...['uretprobe.multi.s+', 'uprobe.session+', 'uprobe.session.s+', 'usdt+', 'usdt.s+'],
  ],
  sched_cls: [
    'tc',
    'classifier',
    'tc/ingress',
    'tc/egress',
    'tcx/ingress',
    'tcx/egress',
    'netkit/primary',
    'netkit/peer',
  ],
  sched_act: ['action'],
  tracepoint: ['tracepoint+', 'tp+'],
  raw_tracepoint: ['raw_tracepoint+', 'raw_tp+'],
  raw_tracepoint_writable: ['raw_tracepoint.w+', 'raw_tp.w+'],
  tracing: [
    ...['tp_btf+', 'fentry+', 'fentry.s+', 'fexit+', 'fexit.s+', 'fmod_ret+', 'fmod_ret.s+', 'iter+', 'iter.s+'],
  ],
  ext: ['freplace+'],
  lsm: ['lsm+', 'lsm.s+', 'lsm_cgroup+'],
  syscall: ['syscall'],
  xdp: ['xdp', 'xdp.frags', 'xdp/devmap', 'xdp.frags/devmap', 'xdp/cpumap', 'xdp.frags/cpumap'],
  perf_event: ['perf_event'],
  lwt_in: ['lwt_in'],
  lwt_out: ['lwt_out'],
  lwt_xmit: ['lwt_xmit'],
  lwt_seg6local: ['lwt_seg6local'],
  sock_ops: ['sockops'],
  sk_skb: ['sk_skb', 'sk_skb/stream_parser', 'sk_skb/stream_verdict', 'sk_skb/verdict'],
  sk_msg: ['sk_msg'],
  lirc_mode2: ['lirc_mode2'],
  flow_dissector: ['flow_dissector'],
  cgroup_skb: ['cgroup_skb/ingress', 'cgroup_skb/egress', 'cgroup/skb'],
  cgroup_sock: [
    ...['cgroup/sock', 'cgroup/sock_create', 'cgroup/sock_release', 'cgroup/post_bind4', 'cgroup/post_bind6'],
  ],
  cgroup_sock_addr: [
    ...['cgroup/bind4', 'cgroup/bind6', 'cgroup/connect4', 'cgroup/connect6', 'cgroup/connect_unix'],
    ...['cgroup/sendmsg4', 'cgroup/sendmsg6', 'cgroup/sendmsg_unix', 'cgroup/recvmsg4', 'cgroup/recvmsg6'],
    ...['cgroup/recvmsg_unix', 'cgroup/getpeername4', 'cgroup/getpeername6', 'cgroup/getpeername_unix'],
    ...['cgroup/getsockname4', 'cgroup/getsockname6', 'cgroup/getsockname_unix'],
  ],
  cgroup_device: ['cgroup/dev'],
  cgroup_sysctl: ['cgroup/sysctl'],
  cgroup_sockopt: ['cgroup/getsockopt', 'cgroup/setsockopt'],
  struct_ops: ['struct_ops+', 'struct_ops.s+'],
  sk_lookup: ['sk_lookup'],
  netfilter: ['netfilter'],
}

const kindOfName = new Map(Object.entries(kinds).flatMap(([kind, names]) => names.map((name) => [name, kind] as const)))

/** The kind of the programs in a section, as bpftool prints it; undefined for a name that libbpf does not know. */
export function programKindOf(section: string): string | undefined {
  const exact = kindOfName.get(section) ?? kindOfName.get(`${section}+`)
  if (exact !== undefined) return exact
  const slash = section.indexOf('/')
  return slash === -1 ? undefined : kindOfName.get(`${section.slice(0, slash)}+`)
}
