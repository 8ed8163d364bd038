import type { Link, MillraceError, Program } from '@millrace/core'
import type { Mark } from './mark.js'

/**
 * What keeps a program on its hook. `tcx`: the kernel's own list of programs, held by links that detach when their last holder
 * lets go (Linux 6.6). `clsact`: a direct-action filter of the clsact qdisc, which stays until somebody removes it. `netkit`: the
 * same list as TCX, of a netkit device (Linux 6.7).
 *
 * @example
 * ```ts
 * import type { TcMechanism } from '@millrace/tc'
 *
 * const everyKernel: TcMechanism = 'clsact'
 * ```
 */
export type TcMechanism = 'tcx' | 'clsact' | 'netkit'

/** A filter of clsact, as the kernel tells it. */
export interface TcFilter {
  /** the lower runs first */
  readonly priority: number
  readonly handle: number
  /** of link/if_ether.h, host byte order; 3 is all */
  readonly protocol: number
  /** filters of other chains than 0 run only when one of chain 0 goes there */
  readonly chain: number
  /** `bpf`, `u32`, `flower` ... */
  readonly kind: string
  /** of a bpf filter, as whoever made it named it; '' for others */
  readonly name: string
  /** a bpf filter whose return value is the verdict; without it, a classifier */
  readonly directAction: boolean
}

/** One that stands on a hook, whoever put it there. */
export interface Entry {
  readonly mechanism: TcMechanism
  /** 0: a filter that is no program */
  readonly programId: number
  /** 0: attached without a link */
  readonly linkId: number
  /** of clsact */
  readonly filter: TcFilter | undefined
  /** set when Millrace put it there, and that can be seen from outside: of clsact by the filter's name, of TCX by its pin */
  readonly mark: Mark | undefined
  /** of the link, when it is below the pin root that was looked into */
  readonly pinPath?: string | undefined
}

/** All that one mechanism keeps on a hook. */
export interface Standing {
  /** in the order in which they run */
  readonly entries: readonly Entry[]
  /**
   * Changes whenever `entries` do. Of TCX and netkit the kernel's own count; clsact has none, there it is a hash over the
   * filters (priority, handle, program), never 0.
   */
  readonly revision: bigint
}

/** Where among the others. */
export type Position =
  /** before or after all that stand there now, foreign ones as well */
  | { readonly at: 'first' | 'last' }
  /** directly before or after this one */
  | { readonly at: 'before' | 'after'; readonly anchor: Entry }

/** What to attach, and where. */
export interface Placement {
  readonly program: Program<'sched_cls'>
  readonly position: Position
  /** attach only while the hook has this one, else {@link RevisionMismatchError} */
  readonly expectedRevision: bigint | undefined
  /** how the entry is to be recognized: on clsact it becomes the filter's name; TCX pays no heed to it */
  readonly mark: Mark
  /** of clsact: exactly this priority, whatever `position` says */
  readonly priority: number | undefined
}

/** This kernel does not have the mechanism. */
export interface Unavailable {
  /** reads on after the name of something: `TCX needs Linux 6.6, this is 6.1.0` */
  readonly reason: string
  /** what to throw when nothing else was to be tried */
  readonly unavailable: MillraceError
}

/**
 * What holds one program on a hook. Each method throws the errors of `TcAttachment`'s method of the same name.
 *
 * A grip belongs to a place and not to a program: after somebody else has put his program there, `close` leaves that alone.
 */
export interface Grip {
  readonly mechanism: TcMechanism
  /** undefined: no link holds it, and it stays when the process ends */
  readonly link: Link | undefined
  /** Exchanges the program, atomically; `expected`: only if that is the one that is there, else UnexpectedProgramError. */
  update(program: Program<'sched_cls'>, expected: Program<'sched_cls'> | undefined): void
  /**
   * Takes it off the hook now, whoever else holds it; what is gone already is no error. Of clsact: UnexpectedProgramError when
   * the filter has another program than the one that this grip put there; and with its last filter goes the qdisc, if Millrace made that.
   */
  detach(): void
  /** Lets go. A link that is pinned or held elsewhere stays; of clsact like `detach`, but what somebody has put there stays, and silently. */
  close(): void
  /** Whether that is what this grip holds. */
  holds(entry: Entry): boolean
}

/** One way in which a hook runs several programs. `H`: the hooks that it knows. */
export interface Mechanism<H> {
  readonly name: TcMechanism
  /**
   * @throws InterfaceGoneError, MissingCapabilityError, KernelError
   */
  list(hook: H): Standing | Unavailable
  /**
   * @throws AnchorGoneError when the anchor of the position is not there any more
   * @throws RevisionMismatchError
   * @throws AttachBusyError when the hook takes no more programs, or not this one a second time
   * @throws InterfaceGoneError, MissingCapabilityError, KernelError
   */
  attach(hook: H, placement: Placement): Grip | Unavailable
  /**
   * A grip on what stands there already, to put another program into its place (`replace`, adoption) or to remove it. Nothing is
   * changed by this alone; what was there may be detached by `close()` only after an `update` through this grip has succeeded.
   *
   * @param mark - whose it becomes with that update, where that can be seen; undefined: it stays whose it is
   * @throws AnchorGoneError when it is not there any more
   * @throws ArgumentError when it is not a program that can be exchanged: a filter of another kind, one without direct action
   */
  grip(hook: H, entry: Entry, mark?: Mark): Grip
}
