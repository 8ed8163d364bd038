import { ClosedError, type Link, type Program } from '@millrace/core'
import { checkOptions, type Interface } from '@millrace/core/internal'
import type { Grip, XdpMechanism } from './mechanism.js'
import type { XdpMode } from './mode.js'
import { checkProgram } from './options.js'
import { type AttachedXdp, attachedTo } from './query.js'

/** Options of {@link XdpAttachment.update}. */
export interface UpdateXdpOptions {
  /** exchange only if this is the program that is attached now */
  readonly expectedOld?: Program<'xdp'> | undefined
}

/**
 * A program on an interface, as {@link attachXdp} made it. `close()`, or leaving the scope of `using`, detaches it, unless
 * {@link XdpAttachment.link} was pinned. When the process ends without that, a link detaches by itself; a program that was
 * attached by netlink stays.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachXdp } from '@millrace/xdp'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * using attachment = attachXdp(fw.programs.firewall, 'eth0')
 * console.log(attachment.mode, attachment.mechanism, attachment.reason ?? '')
 * attachment.link?.pin('/sys/fs/bpf/firewall-link')      // outlives this process
 * ```
 */
export class XdpAttachment implements Disposable {
  /** name of the interface when it was attached */
  readonly interface: string
  readonly ifindex: number
  /** the mode it got */
  readonly mode: XdpMode
  /** the mechanism it got */
  readonly mechanism: XdpMechanism
  /** why not a better mode or mechanism; undefined: it has the best, or what was asked for */
  readonly reason: string | undefined
  readonly #iface: Interface
  readonly #grip: Grip
  #closed = false

  /** @internal */
  constructor(iface: Interface, mode: XdpMode, grip: Grip, reason: string | undefined) {
    this.interface = iface.name
    this.ifindex = iface.index
    this.mode = mode
    this.mechanism = grip.mechanism
    this.reason = reason
    this.#iface = iface
    this.#grip = grip
  }

  /** Whether `close()`, `leave()` or `detach()` was called. */
  get closed(): boolean {
    return this.#closed
  }

  /** The bpf_link, for pinning and for its id; undefined where netlink holds the program. Do not close it: close this. */
  get link(): Link | undefined {
    return this.#grip.link
  }

  /**
   * Puts another program in the place of the one that is attached. It is atomic: every packet is seen by the old program or
   * by the new one, and none by neither. The call takes some milliseconds, in which the kernel waits until no CPU runs the
   * old program; packets do not wait.
   *
   * By netlink, which has no owner, it is always done only if the program that this attachment put there is still there.
   *
   * @throws UnexpectedProgramError when another program than expected is attached; nothing was changed
   * @throws InterfaceGoneError when the interface was deleted
   * @throws XdpRefusedError when the driver does not take the program
   * @throws ArgumentError, ClosedError
   */
  update(program: Program<'xdp'>, options: UpdateXdpOptions = {}): void {
    this.#checkOpen()
    checkProgram('program', program)
    checkOptions('options', options, ['expectedOld'])
    if (options.expectedOld !== undefined) checkProgram('options.expectedOld', options.expectedOld)
    this.#grip.update(program, options.expectedOld)
  }

  /**
   * What runs on the interface now, in the mode of this attachment, be it the attached program or another; undefined: nothing.
   *
   * @throws InterfaceGoneError when the interface was deleted
   * @throws ClosedError
   */
  query(): AttachedXdp | undefined {
    this.#checkOpen()
    return attachedTo(this.#iface, true).find(({ mode }) => mode === this.mode)
  }

  /**
   * Takes the program off the interface now, also if the link is pinned or held elsewhere, and closes this. From
   * an interface that was deleted it is gone already.
   *
   * @throws UnexpectedProgramError when somebody has put another program there by netlink; that one stays
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
   * Lets go of the program and leaves it on the interface, where another process may take it over: by netlink it stays until
   * somebody removes it, by a link as long as that is pinned or held elsewhere. Twice is harmless.
   */
  leave(): void {
    if (this.#closed) return
    this.#closed = true
    this.#grip.leave()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #checkOpen(): void {
    if (this.#closed) throw new ClosedError({ what: 'XDP attachment', name: this.interface })
  }
}
