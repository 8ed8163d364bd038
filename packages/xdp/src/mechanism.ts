import type { Link, Program } from '@millrace/core'

/**
 * How a program is kept on its interface: `link`, a kernel object that detaches when its last holder lets go (Linux 5.9);
 * `netlink`, a property of the interface, which stays until somebody removes it.
 *
 * @example
 * ```ts
 * import type { XdpMechanism } from '@millrace/xdp'
 *
 * const safest: XdpMechanism = 'link'
 * ```
 */
export type XdpMechanism = 'link' | 'netlink'

/** What holds a program on an interface: one of these for each mechanism. */
export interface Grip {
  readonly mechanism: XdpMechanism
  readonly link: Link | undefined
  /** Exchanges the program, atomically; `expected`: only if that is the one that is there. */
  update(program: Program<'xdp'>, expected: Program<'xdp'> | undefined): void
  /** Takes the program off the interface, whoever else holds it. */
  detach(): void
  /** Lets go; what becomes of the program is up to the mechanism. */
  close(): void
  /** Lets go, and leaves the program there: by a link, only if that is pinned or held elsewhere. */
  leave(): void
}
