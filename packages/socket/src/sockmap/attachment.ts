import { ClosedError, type Link, type Program } from '@millrace/core'
import { checkOptions } from '@millrace/core/internal'
import type { SocketMechanism } from '../mechanism.js'
import type { Grip } from './grip.js'
import type { ForSockMapHook, SockMapHook, SockMapProgram, SockMapProgramType } from './hooks.js'
import { checkHook } from './options.js'
import { type Place, target } from './place.js'
import { type AttachedSockMap, attachedAt } from './query.js'

/** Options of {@link SockMapAttachment.update}. */
export interface UpdateSockMapOptions {
  /** exchange only if this is the program that is attached now */
  readonly expectedOld?: SockMapProgram | undefined
}

/**
 * A program on a map of sockets, as {@link attachSockMap} made it. `close()`, or leaving the scope of `using`, detaches it, unless
 * {@link SockMapAttachment.link} was pinned. It holds the map open.
 *
 * Detaching, by whatever way, does not stop what runs: sockets in the map keep the program until they are deleted from it or closed.
 *
 * When the process ends without closing it, a link detaches by itself; without a link the program stays for as long as the map is
 * pinned or held by another process.
 *
 * @typeParam H - the hook: only programs for it can take its place
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachSockMap } from '@millrace/socket'
 * import { splice } from './splice.bpf.js'
 *
 * using v1 = await load(splice)
 * using attachment = attachSockMap(v1.programs.splice, v1.maps.spliced)
 * using v2 = await load(splice, { maps: { next: { replace: v1.maps.next.raw } } })
 * attachment.update(v2.programs.splice)        // for sockets that are put into the map from now on
 * ```
 */
export class SockMapAttachment<H extends SockMapHook = SockMapHook> implements Disposable {
  readonly hook: H
  /** the mechanism it got */
  readonly mechanism: SocketMechanism
  /** why not a link; undefined: it has one, or none was asked for */
  readonly reason: string | undefined
  readonly #place: Place<H>
  readonly #grip: Grip
  #closed = false

  /** @internal Takes over both. */
  constructor(place: Place<H>, grip: Grip, reason: string | undefined) {
    this.hook = place.hook
    this.mechanism = grip.mechanism
    this.reason = reason
    this.#place = place
    this.#grip = grip
  }

  /** Whether `close()` or `detach()` was called. */
  get closed(): boolean {
    return this.#closed
  }

  /** The bpf_link, for pinning and for its id; undefined without one. Do not close it: close this. */
  get link(): Link | undefined {
    return this.#grip.link
  }

  /**
   * Puts another program in the place of the one that is attached, in one step. Sockets that are in the map already keep the old
   * one: delete and set them again, or let the program find in a map what is to change.
   *
   * Without a link, whose kernels do not compare, the program that is there is looked at before: who puts another one there in just
   * that moment loses it.
   *
   * @throws UnexpectedProgramError when another program than expected is attached, or than this put there; nothing was changed
   * @throws ArgumentError when the program is for another hook
   * @throws KernelError ENOLINK when somebody has detached the link
   * @throws ClosedError
   */
  update<P extends Program<SockMapProgramType<H>>>(
    program: P & ForSockMapHook<P, H>,
    options: UpdateSockMapOptions = {},
  ): void {
    this.#checkOpen()
    checkHook('program', program, this.hook)
    checkOptions('options', options, ['expectedOld'])
    if (options.expectedOld !== undefined) checkHook('options.expectedOld', options.expectedOld, this.hook)
    this.#grip.update(program, options.expectedOld)
  }

  /**
   * What is attached at this hook now, be it the attached program or another; undefined: nothing. The processes that hold it are not
   * looked for.
   *
   * @throws UnsupportedKernelError before Linux 5.18
   * @throws ClosedError
   * @kernel 5.18
   */
  query(): AttachedSockMap | undefined {
    this.#checkOpen()
    return attachedAt(this.#place)
  }

  /**
   * Detaches the program now, also if the link is pinned or held elsewhere, and closes this.
   *
   * @throws UnexpectedProgramError when somebody has put another program there without a link; that one stays
   * @throws ClosedError
   */
  detach(): void {
    this.#checkOpen()
    this.#end(() => this.#grip.detach())
  }

  /** Lets go of the program; detaches it unless the link is pinned, or another program is there now. Twice is harmless. */
  close(): void {
    if (!this.#closed) this.#end(() => this.#grip.close())
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #end(release: () => void): void {
    this.#closed = true
    try {
      release()
    } finally {
      this.#place.map.close()
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new ClosedError({ what: 'attachment', name: target(this.#place) })
  }
}
