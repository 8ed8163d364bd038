/**
 * Verdicts of an XDP program, by name: what its C returns as `XDP_PASS` and the like (uapi `enum xdp_action`).
 *
 * @example
 * ```ts
 * import { XdpAction } from '@millrace/xdp'
 *
 * console.log(XdpAction.Drop) // 1
 * ```
 * @kernel 4.8
 */
export const XdpAction = {
  /** The program failed; the packet is dropped and the tracepoint `xdp:xdp_exception` fires. */
  Aborted: 0,
  Drop: 1,
  /** On to the network stack. */
  Pass: 2,
  /** Out again by the interface it came from. */
  Tx: 3,
  /** To where `bpf_redirect` or `bpf_redirect_map` said. */
  Redirect: 4,
} as const
/** The number of a verdict. */
export type XdpAction = (typeof XdpAction)[keyof typeof XdpAction]

const names = ['aborted', 'drop', 'pass', 'tx', 'redirect'] as const

/** The name of a verdict. */
export type XdpActionName = (typeof names)[number]

/**
 * The name of a verdict; a number that is none is named `action 7`. The kernel drops a packet for which it gets one of those.
 *
 * @example
 * ```ts
 * import { xdpActionName } from '@millrace/xdp'
 *
 * console.log(xdpActionName(2)) // 'pass'
 * ```
 */
export function xdpActionName(action: number): XdpActionName | `action ${number}` {
  return names[action] ?? `action ${action}`
}
