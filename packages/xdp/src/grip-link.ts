import { ClosedError, InterfaceGoneError, Link, type Program, UnexpectedProgramError } from '@millrace/core'
import { errno, explain, type Failure, type Interface, interfaceExists, nativeBinding } from '@millrace/core/internal'
import { XdpRefusedError } from './errors/index.js'
import type { Grip } from './mechanism.js'
import { modeFlag, type XdpMode } from './mode.js'
import { programOn } from './query.js'
import { refusal } from './refusal.js'
import { target } from './target.js'

/** Holds a program by a bpf_link. */
export class LinkGrip implements Grip {
  readonly mechanism = 'link'
  readonly link: Link
  readonly #iface: Interface
  readonly #mode: XdpMode

  /** Takes over the link. */
  constructor(link: Link, iface: Interface, mode: XdpMode) {
    this.link = link
    this.#iface = iface
    this.#mode = mode
  }

  static attach(program: Program<'xdp'>, iface: Interface, mode: XdpMode): LinkGrip | Failure {
    const handle = nativeBinding().xdpLinkCreate(program.handle, iface.index, modeFlag[mode], iface.netns)
    return typeof handle === 'number' ? new LinkGrip(Link.fromHandle(handle), iface, mode) : handle
  }

  /** Puts the program in the place of `old` in a link that somebody else has made, and holds that link too. */
  static replace(
    program: Program<'xdp'>,
    old: Program<'xdp'>,
    linkId: number,
    iface: Interface,
    mode: XdpMode,
  ): LinkGrip {
    const grip = new LinkGrip(Link.openById(linkId), iface, mode)
    try {
      grip.update(program, old)
      return grip
    } catch (error) {
      grip.close()
      throw error
    }
  }

  update(program: Program<'xdp'>, expected: Program<'xdp'> | undefined): void {
    const code = -nativeBinding().linkUpdate(this.link.handle, program.handle, expected?.handle ?? 0)
    if (code === 0) return
    if (code === errno.EBADF) throw new ClosedError({ what: 'link', name: this.link.name })
    const iface = this.#iface
    // The kernel's word for another program than the expected one.
    if (code === errno.EPERM && expected !== undefined) {
      throw new UnexpectedProgramError({ target: target(iface), expected, found: programOn(iface, this.#mode) })
    }
    if (code === errno.ENOLINK) throw this.#detached(program)
    const refusals = [refusal(iface, this.#mode, 'link', { errno: code, log: '' })]
    throw new XdpRefusedError({ interface: iface.name, refusals })
  }

  detach(): void {
    this.link.detach()
    this.link.close()
  }

  close(): void {
    this.link.close()
  }

  leave(): void {
    this.link.close()
  }

  #detached(program: Program): Error {
    const { name, index } = this.#iface
    if (!interfaceExists(this.#iface)) return new InterfaceGoneError({ interface: name, ifindex: index })
    return explain({
      operation: `put program ${program.name} on ${name}`,
      errno: errno.ENOLINK,
      hint: 'somebody has detached the link',
    })
  }
}
