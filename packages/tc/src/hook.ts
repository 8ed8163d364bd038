import type { Interface } from '@millrace/core/internal'

/**
 * Which packets of an interface: `ingress`, those that it has received; `egress`, those that it is about to send.
 *
 * @example
 * ```ts
 * import type { TcDirection } from '@millrace/tc'
 *
 * const both: readonly TcDirection[] = ['ingress', 'egress']
 * ```
 */
export type TcDirection = 'ingress' | 'egress'

/**
 * Which end of a netkit pair: both hooks belong to the primary device, `primary` sees what that one sends, `peer` what the
 * other end sends.
 *
 * @example
 * ```ts
 * import type { NetkitEndpoint } from '@millrace/tc'
 *
 * const fromTheContainer: NetkitEndpoint = 'peer'
 * ```
 */
export type NetkitEndpoint = 'primary' | 'peer'

/** The tc hook of an interface: TCX and clsact both stand on it. */
export interface TcHook {
  readonly interface: Interface
  readonly direction: TcDirection
}

/** The hook of a netkit device. */
export interface NetkitHook {
  readonly interface: Interface
  readonly endpoint: NetkitEndpoint
}

/** How errors name the hook: `tc ingress on eth0`, `netkit peer of nk0 in /run/netns/blue`. */
export function target(hook: TcHook | NetkitHook): string {
  const { name, netns } = hook.interface
  const place = 'direction' in hook ? `tc ${hook.direction} on ${name}` : `netkit ${hook.endpoint} of ${name}`
  return netns === '' ? place : `${place} in ${netns}`
}
