/**
 * Verdicts of a control group's program, by name: what its C returns as `MR_DENY` and the like (millrace/cgroup.h).
 *
 * @example
 * ```ts
 * import { CgroupVerdict } from '@millrace/socket'
 *
 * console.log(CgroupVerdict.Allow) // 1
 * ```
 */
export const CgroupVerdict = {
  /** The system call fails with EPERM, or the packet is dropped. One program that says so is enough. */
  Deny: 0,
  Allow: 1,
} as const
/** The number of a verdict. */
export type CgroupVerdict = (typeof CgroupVerdict)[keyof typeof CgroupVerdict]

/**
 * Verdicts at the hook `egress`: those of {@link CgroupVerdict}, and the same with `MR_CONGESTED` (millrace/cgroup_skb.h).
 *
 * @example
 * ```ts
 * import { EgressVerdict } from '@millrace/socket'
 *
 * console.log(EgressVerdict.AllowCongested) // 3
 * ```
 * @kernel 5.2 for the two with congestion
 */
export const EgressVerdict = {
  ...CgroupVerdict,
  /** and the sender's TCP is to slow down */
  DenyCongested: 2,
  AllowCongested: 3,
} as const
/** The number of a verdict. */
export type EgressVerdict = (typeof EgressVerdict)[keyof typeof EgressVerdict]

/**
 * Verdicts at the hooks `bind4` and `bind6`: those of {@link CgroupVerdict}, and `MR_ALLOW_LOW_PORT` (millrace/sock_addr.h).
 *
 * @example
 * ```ts
 * import { BindVerdict } from '@millrace/socket'
 *
 * console.log(BindVerdict.AllowLowPort) // 3
 * ```
 * @kernel 5.12 for low ports
 */
export const BindVerdict = {
  ...CgroupVerdict,
  /** also ports below 1024, without CAP_NET_BIND_SERVICE */
  AllowLowPort: 3,
} as const
/** The number of a verdict. */
export type BindVerdict = (typeof BindVerdict)[keyof typeof BindVerdict]

/**
 * Verdicts of a flow dissector, by name: what its C returns as `BPF_OK` and the like (uapi `enum bpf_ret_code`).
 *
 * @example
 * ```ts
 * import { FlowDissectorVerdict } from '@millrace/socket'
 *
 * console.log(FlowDissectorVerdict.Continue) // 129
 * ```
 * @kernel 4.20; Continue: 6.1
 */
export const FlowDissectorVerdict = {
  /** The packet's flow is what the keys say. */
  Ok: 0,
  /** It has none. */
  Drop: 2,
  /** As the kernel's own dissector says. */
  Continue: 129,
} as const
/** The number of a verdict. */
export type FlowDissectorVerdict = (typeof FlowDissectorVerdict)[keyof typeof FlowDissectorVerdict]
