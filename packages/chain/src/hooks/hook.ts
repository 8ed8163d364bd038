import {
  InterfaceGoneError,
  type Link,
  type Program,
  type ProgramIdentity,
  UnexpectedProgramError,
} from '@millrace/core'
import { type Interface, identityOf, interfaceExists } from '@millrace/core/internal'

/** Programs that run on the hooks, by the hook. */
export interface StagePrograms {
  readonly xdp: Program<'xdp'>
  readonly tc: Program<'sched_cls'>
}

/**
 * Where a chain can stand: `xdp`, or `tc` on ingress or egress.
 *
 * @example
 * ```ts
 * import type { ChainHook } from '@millrace/chain'
 *
 * const hooks: readonly ChainHook[] = ['xdp', 'tc']
 * ```
 */
export type ChainHook = keyof StagePrograms

/** What leads to the first program of a chain: an attachment of `@millrace/xdp` or `@millrace/tc`, or a link of our own. */
export interface Attachment {
  /** `link`, `netlink`, `tcx`, `clsact` */
  readonly mechanism: string
  /** `native`, `generic`, `offload` on XDP */
  readonly mode: string | undefined
  /** why not a better mechanism or mode */
  readonly reason: string | undefined
  /** undefined: the hook itself keeps the program */
  readonly link: Link | undefined
  /** Exchanges the program, atomically, if it is still this one. */
  update(program: Program, options: { readonly expectedOld: Program }): void
  /** Takes the program off the hook, whoever else holds it there. */
  detach(): void
  /** Lets go, and leaves the program where a pinned link or the hook itself keeps it. */
  leave(): void
  /** Takes the program off the hook; what somebody else has put there stays. */
  close(): void
}

/** The place of a chain. */
export class Hook {
  readonly attachment: Attachment
  readonly interface: Interface
  /** as errors name it: `XDP on eth0` */
  readonly target: string
  readonly #programs: () => number[]

  /** @param programs - ids of all programs that are there now */
  constructor(attachment: Attachment, iface: Interface, target: string, programs: () => number[]) {
    this.attachment = attachment
    this.interface = iface
    this.target = target
    this.#programs = programs
  }

  /**
   * That the hook still leads to the program: else a change behind it would have no effect.
   *
   * @throws UnexpectedProgramError, InterfaceGoneError
   */
  check(head: Program): void {
    const found = this.#found()
    if (found.includes(head.id)) return
    const { name, index } = this.interface
    if (!interfaceExists(this.interface)) throw new InterfaceGoneError({ interface: name, ifindex: index })
    const expected: ProgramIdentity = { id: head.id, name: head.name }
    throw new UnexpectedProgramError({ target: this.target, expected, found: identityOf(found[0] ?? 0) })
  }

  #found(): number[] {
    const { link } = this.attachment
    if (link === undefined) return this.#programs()
    // A link that was detached, or whose interface is gone, still tells its program.
    const { programId, ifindex } = link.info()
    return ifindex === 0 ? [] : [programId]
  }
}
