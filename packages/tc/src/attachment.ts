import { ClosedError, type Link, type Program } from '@millrace/core'
import { checkOptions, findHolders } from '@millrace/core/internal'
import type { AttachedTc } from './attached.js'
import { checkProgram } from './check-program.js'
import { describe } from './describe.js'
import type { Entry, Grip, TcMechanism } from './mechanism.js'
import { entriesOn, type Site } from './site.js'

/** Options of {@link TcAttachment.update}. */
export interface UpdateTcOptions {
  /** exchange only if this is the program that is attached now */
  readonly expectedOld?: Program<'sched_cls'> | undefined
}

/** @internal */
export interface TcAttachmentFields {
  readonly site: Site
  readonly grip: Grip
  readonly reason: string | undefined
  readonly name: string
  readonly adopted: boolean
}

/**
 * A program on a hook, as {@link attachTc}, {@link adoptTc} and {@link attachNetkit} make it. `close()`, or leaving the scope of
 * `using`, detaches it, unless its link is pinned, as it is after `adoptTc`. When the process ends without that, a link detaches
 * by itself; a clsact filter stays.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachTc } from '@millrace/tc'
 * import { classifier } from './classifier.bpf.js'
 *
 * using object = await load(classifier)
 * using attachment = attachTc(object.programs.classify, 'eth0', { direction: 'ingress' })
 * console.log(attachment.mechanism, attachment.reason ?? '')
 * ```
 */
export class TcAttachment implements Disposable {
  /** name of the interface when it was attached */
  readonly interface: string
  readonly ifindex: number
  /** the mechanism it got */
  readonly mechanism: TcMechanism
  /** why not the better mechanism; undefined: it has the best, or what was asked for */
  readonly reason: string | undefined
  /** under which it was attached; the program's, unless another one was given */
  readonly name: string
  /** whether it was there already: {@link adoptTc} has found it and put the program in its place */
  readonly adopted: boolean
  readonly #site: Site
  readonly #grip: Grip
  #closed = false

  /** @internal */
  constructor({ site, grip, reason, name, adopted }: TcAttachmentFields) {
    this.interface = site.hook.interface.name
    this.ifindex = site.hook.interface.index
    this.mechanism = grip.mechanism
    this.reason = reason
    this.name = name
    this.adopted = adopted
    this.#site = site
    this.#grip = grip
  }

  /** The bpf_link, for pinning and for its id; undefined where a filter holds the program. Do not close it: close this. */
  get link(): Link | undefined {
    return this.#grip.link
  }

  /** Whether this was closed. */
  get closed(): boolean {
    return this.#closed
  }

  /**
   * Puts another program in the place of the one that is attached, and keeps its place among the others. It is atomic: every
   * packet is seen by the old program or by the new one, and none by both or neither.
   *
   * @throws UnexpectedProgramError when another program than expected is attached; nothing was changed
   * @throws InterfaceGoneError when the interface was deleted
   * @throws ArgumentError, ClosedError
   */
  update(program: Program<'sched_cls'>, options: UpdateTcOptions = {}): void {
    this.#checkOpen()
    checkProgram('program', program)
    checkOptions('options', options, ['expectedOld'])
    if (options.expectedOld !== undefined) checkProgram('options.expectedOld', options.expectedOld)
    this.#grip.update(program, options.expectedOld)
  }

  /**
   * What stands in this place now, be it the attached program or another; undefined: nothing, somebody has detached it.
   *
   * @throws InterfaceGoneError when the interface was deleted
   * @throws ClosedError
   */
  query(): AttachedTc | undefined {
    this.#checkOpen()
    const here = entriesOn(this.#site).filter((entry) => this.#grip.holds(entry))
    return here.length === 0 ? undefined : describe(here, findHolders())[0]
  }

  /**
   * Takes the program off the hook now, also if its link is pinned or held elsewhere, removes the pin that `adoptTc` made, and
   * closes this. From an interface that was deleted it is gone already.
   *
   * @throws UnexpectedProgramError when somebody has put another program into the filter; that one stays
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

  /**
   * Lets go of the program and leaves it on the hook, where another process may take it over: in a filter it stays until somebody
   * removes it, by a link as long as that is pinned or held elsewhere. Twice is harmless.
   */
  leave(): void {
    if (this.#closed) return
    this.#closed = true
    // What stays without a link needs nobody to hold it.
    if (this.link !== undefined) this.#grip.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** @internal Whether that is what this holds. */
  holds(entry: Entry): boolean {
    return !this.#closed && this.#grip.holds(entry)
  }

  #checkOpen(): void {
    if (this.#closed) throw new ClosedError({ what: 'attachment', name: this.#site.target })
  }
}
