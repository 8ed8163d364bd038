import { ClosedError, type Link, type Program } from '@millrace/core'
import { checkOptions } from '@millrace/core/internal'
import { NetnsGoneError } from '../errors/index.js'
import type { SocketMechanism } from '../mechanism.js'
import { type AttachedNetns, describe } from './attached.js'
import { checkProgram } from './check-program.js'
import type { Grip } from './grip.js'
import { isGone, type NetnsHook, type Place, target } from './hook.js'
import { standingAt } from './standing.js'

/** Options of {@link NetnsAttachment.update}. */
export interface UpdateNetnsOptions<H extends NetnsHook> {
  /** exchange only if this is the program that is attached now */
  readonly expectedOld?: Program<H> | undefined
}

/**
 * A program at a hook of a network namespace, as {@link attachSkLookup} and {@link attachFlowDissector} make it. `close()`, or leaving
 * the scope of `using`, detaches it, unless {@link NetnsAttachment.link} was pinned. When the process ends without that, a link
 * detaches by itself; a flow dissector that was attached without one stays until it is detached or the namespace ends.
 *
 * An attachment does not keep the namespace: when that ends, the program is detached.
 *
 * @typeParam H - the kind of program
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachSkLookup } from '@millrace/socket'
 * import { portRange } from './port_range.bpf.js'
 *
 * using object = await load(portRange)
 * using attachment = attachSkLookup(object.programs.choose)
 * attachment.link?.pin('/sys/fs/bpf/port-range')      // outlives this process
 * ```
 */
export class NetnsAttachment<H extends NetnsHook = NetnsHook> implements Disposable {
  /** path of the namespace; '' for the one of this process */
  readonly netns: string
  readonly hook: H
  /** the mechanism it got */
  readonly mechanism: SocketMechanism
  /** why not a link; undefined: it has one, or what was asked for */
  readonly reason: string | undefined
  readonly #place: Place<H>
  readonly #grip: Grip<H>
  #closed = false

  /** @internal */
  constructor(place: Place<H>, grip: Grip<H>, reason: string | undefined) {
    this.netns = place.netns
    this.hook = place.hook
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
   * Puts another program in the place of the one that is attached. By a link it is atomic: a packet is seen by the old program or by
   * the new one.
   *
   * @throws UnexpectedProgramError when another program than expected is attached; nothing was changed
   * @throws NetnsGoneError when the namespace has ended
   * @throws ArgumentError, ClosedError
   */
  update(program: Program<H>, options: UpdateNetnsOptions<H> = {}): void {
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
   * @throws NetnsGoneError when the namespace has ended
   * @throws ClosedError
   */
  query(): AttachedNetns | undefined {
    this.#checkOpen()
    if (isGone(this.#place)) throw new NetnsGoneError({ netns: this.netns })
    const programId = this.#grip.programId()
    const entry = standingAt(this.#place).find((it) => it.programId === programId)
    return entry && describe({ ...entry, linkId: this.link?.id ?? 0 })
  }

  /**
   * Takes the program away now, also if its link is pinned or held elsewhere, and closes this. With a namespace that has ended it
   * is gone already.
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
