import { Enumeration, type NameOf } from './enumeration.js'

/** enum bpf_link_type, as bpftool names it. */
export const linkTypes = new Enumeration({
  unspec: 0,
  raw_tracepoint: 1,
  tracing: 2,
  cgroup: 3,
  iter: 4,
  netns: 5,
  xdp: 6,
  perf_event: 7,
  kprobe_multi: 8,
  struct_ops: 9,
  netfilter: 10,
  tcx: 11,
  uprobe_multi: 12,
  netkit: 13,
  sockmap: 14,
})

/**
 * The kind of a link, as bpftool prints it: `xdp`, `tcx`, `cgroup` ... A kind that only a newer kernel has is named by its
 * number, `type 15`.
 *
 * @example
 * ```ts
 * import { type LinkType, listLinks } from '@millrace/core'
 *
 * const kind: LinkType = 'xdp'
 * console.log(listLinks().filter((link) => link.type === kind))
 * ```
 */
export type LinkType = NameOf<typeof linkTypes>
