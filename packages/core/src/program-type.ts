import { Enumeration, type NameOf } from './enumeration.js'

/** enum bpf_prog_type, as bpftool names it. */
export const programTypes = new Enumeration({
  unspec: 0,
  socket_filter: 1,
  kprobe: 2,
  sched_cls: 3,
  sched_act: 4,
  tracepoint: 5,
  xdp: 6,
  perf_event: 7,
  cgroup_skb: 8,
  cgroup_sock: 9,
  lwt_in: 10,
  lwt_out: 11,
  lwt_xmit: 12,
  sock_ops: 13,
  sk_skb: 14,
  cgroup_device: 15,
  sk_msg: 16,
  raw_tracepoint: 17,
  cgroup_sock_addr: 18,
  lwt_seg6local: 19,
  lirc_mode2: 20,
  sk_reuseport: 21,
  flow_dissector: 22,
  cgroup_sysctl: 23,
  raw_tracepoint_writable: 24,
  cgroup_sockopt: 25,
  tracing: 26,
  struct_ops: 27,
  ext: 28,
  lsm: 29,
  sk_lookup: 30,
  syscall: 31,
  netfilter: 32,
})

/**
 * The kind of a program, as bpftool prints it: `xdp`, `sched_cls` (tc), `cgroup_skb` ... A kind that only a newer kernel has is
 * named by its number, `type 33`.
 *
 * @example
 * ```ts
 * import { listPrograms, type ProgramType } from '@millrace/core'
 *
 * const kind: ProgramType = 'xdp'
 * console.log(listPrograms().filter((program) => program.type === kind))
 * ```
 */
export type ProgramType = NameOf<typeof programTypes>
