import { ClosedError, type Link, type Program } from '@millrace/core'
import { checkOptions } from '@millrace/core/internal'
import type { SocketMechanism } from '../mechanism.js'
import { type AttachedCgroup, describe } from './attached.js'
import { checkExists } from './cgroup.js'
import { checkProgram } from './check-program.js'
import type { Grip } from './grip.js'
import type { CgroupHook, CgroupProgramType, ForHook } from './hooks.js'
import type { CgroupMode } from './mode.js'
import { type Place, target } from './place.js'
import { standingAt } from './standing.js'

/** Options of {@link CgroupAttachment.update}. */
export interface UpdateCgroupOptions {
  /** exchange only if this is the program that is attached now */
  readonly expectedOld?: Program<CgroupProgramType> | undefined
}

/**
 * A program at a hook of a control group, as {@link attachCgroup} made it. `close()`, or leaving the scope of `using`, detaches it,
 * unless {@link CgroupAttachment.link} was pinned. When the process ends without that, a link detaches by itself; a program that
 * was attached without one stays until it is detached or the group is removed.
 *
 * @typeParam H - the hook: only programs for it can take its place
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachCgroup } from '@millrace/socket'
 * import { redirect } from './redirect.bpf.js'
 *
 * using object = await load(redirect)
 * using attachment = attachCgroup(object.programs.connect4, '/sys/fs/cgroup/web')
 * console.log(attachment.hook, attachment.mechanism, attachment.reason ?? '')
 * attachment.link?.pin('/sys/fs/bpf/redirect')      // outlives this process
 * ```
 */
export class CgroupAttachment<H extends CgroupHook = CgroupHook> implements Disposable {
  /** path of the control group, as it was given */
  readonly cgroup: string
  readonly hook: H
  readonly mode: CgroupMode
  /** the mechanism it got */
  readonly mechanism: SocketMechanism
  /** why not a link; undefined: it has one, or what was asked for */
  readonly reason: string | undefined
  readonly #place: Place
  readonly #grip: Grip
  #closed = false

  /** @internal */
  constructor(place: Place & { readonly hook: H }, grip: Grip, reason: string | undefined) {
    this.cgroup = place.cgroup.path
    this.hook = place.hook
    this.mode = grip.mode
    this.mechanism = grip.mechanism
    this.reason = reason
    this.#place = place
    this.#grip = grip
  }

  /** The bpf_link, for pinning and for its id; undefined where there is none. Do not close it: close this. */
  get link(): Link | undefined {
    return this.#grip.link
  }

  /** Whether this was closed. */
  get closed(): boolean {
    return this.#closed
  }

  /**
   * Of the program that is attached now; 0: none, somebody has detached it.
   *
   * @throws CgroupGoneError when the control group was removed
   * @throws ClosedError
   */
  get programId(): number {
    this.#checkOpen()
    // A link outlives its group for a moment, in which it still names its program.
    checkExists(this.#place.cgroup)
    return this.#grip.programId()
  }

  /**
   * Puts another program in the place of the one that is attached, and keeps its place among the others. A call of a socket is seen
   * by the old program or by the new one, and by none of them twice.
   *
   * Without a link it is always done only if the program that this attachment put there is still there.
   *
   * @throws UnexpectedProgramError when another program than expected is attached; nothing was changed
   * @throws CgroupGoneError when the control group was removed
   * @throws ArgumentError for a program of another kind or hook
   * @throws ClosedError
   */
  update<P extends Program<CgroupProgramType<H>>>(program: P & ForHook<P, H>, options: UpdateCgroupOptions = {}): void {
    this.#checkOpen()
    checkProgram('program', program, this.hook)
    checkOptions('options', options, ['expectedOld'])
    const { expectedOld } = options
    if (expectedOld !== undefined) checkProgram('options.expectedOld', expectedOld, this.hook)
    this.#grip.update(program, expectedOld)
  }

  /**
   * What stands in this place now; undefined: nothing, somebody has detached it. The processes that hold it are not looked for.
   *
   * @throws CgroupGoneError when the control group was removed
   * @throws ClosedError
   */
  query(): AttachedCgroup | undefined {
    this.#checkOpen()
    checkExists(this.#place.cgroup)
    const programId = this.#grip.programId()
    const entry = standingAt(this.#place).entries.find((it) => it.programId === programId)
    if (entry === undefined) return undefined
    return describe({ ...entry, linkId: this.link?.id ?? 0 }, this.cgroup, undefined)
  }

  /**
   * Takes the program away now, also if its link is pinned or held elsewhere, and closes this. With a control group that was
   * removed it is gone already.
   *
   * @throws UnexpectedProgramError when somebody has put another program there without a link; that one stays
   * @throws ClosedError
   */
  detach(): void {
    this.#checkOpen()
    this.#closed = true
    this.#grip.detach()
  }

  /** Lets go of the program; detaches it unless the link is pinned, or another program is there now. Twice is harmless. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#grip.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #checkOpen(): void {
    if (this.#closed) throw new ClosedError({ what: 'attachment', name: target(this.#place) })
  }
}
