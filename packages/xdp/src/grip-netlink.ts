import { InterfaceGoneError, Program, UnexpectedProgramError } from '@millrace/core'
import {
  errno,
  explain,
  type Failure,
  type Handle,
  type Interface,
  interfaceExists,
  nativeBinding,
  needsToEnter,
} from '@millrace/core/internal'
import { XdpRefusedError } from './errors/index.js'
import type { Grip } from './mechanism.js'
import { modeFlag, REPLACE, UPDATE_IF_NOEXIST, type XdpMode } from './mode.js'
import { programOn } from './query.js'
import { refusal } from './refusal.js'
import { target } from './target.js'

/**
 * Holds a program by netlink: as a property of the interface, without anything of ours that the kernel could tell apart from
 * what others set. So each change names the program that it expects to be there.
 */
export class NetlinkGrip implements Grip {
  readonly mechanism = 'netlink'
  readonly link = undefined
  readonly #iface: Interface
  readonly #mode: XdpMode
  /** A descriptor of our own, since the caller may close the program's while it is attached. */
  #attached: Program<'xdp'>

  /** Takes over `attached`, a program that is on the interface already. */
  constructor(attached: Program<'xdp'>, iface: Interface, mode: XdpMode) {
    this.#attached = attached
    this.#iface = iface
    this.#mode = mode
  }

  static attach(program: Program<'xdp'>, iface: Interface, mode: XdpMode): NetlinkGrip | Failure {
    const held = duplicate(program)
    const flags = modeFlag[mode] | UPDATE_IF_NOEXIST
    const failure = nativeBinding().xdpSet(held.handle, iface.index, flags, 0, iface.netns)
    if (failure === null) return new NetlinkGrip(held, iface, mode)
    held.close()
    return failure
  }

  /** Puts the program in the place of `old`, which somebody else has attached. */
  static replace(program: Program<'xdp'>, old: Program<'xdp'>, iface: Interface, mode: XdpMode): NetlinkGrip {
    return new NetlinkGrip(put(program, old, iface, mode), iface, mode)
  }

  update(program: Program<'xdp'>, expected: Program<'xdp'> = this.#attached): void {
    const old = this.#attached
    this.#attached = put(program, expected, this.#iface, this.#mode)
    old.close()
  }

  detach(): void {
    using attached = this.#attached
    try {
      exchange(0, attached, this.#iface, this.#mode)
    } catch (error) {
      // The program went with it.
      if (!(error instanceof InterfaceGoneError)) throw error
    }
  }

  /** A program of somebody else's stays. */
  close(): void {
    try {
      this.detach()
    } catch (error) {
      if (!(error instanceof UnexpectedProgramError)) throw error
    }
  }

  leave(): void {
    this.#attached.close()
  }
}

/** Returns the program with a descriptor of the grip's own. */
function put(program: Program<'xdp'>, expected: Program<'xdp'>, iface: Interface, mode: XdpMode): Program<'xdp'> {
  const held = duplicate(program)
  try {
    exchange(held.handle, expected, iface, mode)
    return held
  } catch (error) {
    held.close()
    throw error
  }
}

function exchange(next: Handle | 0, expected: Program<'xdp'>, iface: Interface, mode: XdpMode): void {
  const failure = tryExchange(next, expected, iface, mode)
  if (failure !== null) throw refused(failure, expected, iface, mode)
}

/**
 * Whether it is a link that holds the program that is there. What a link holds netlink may not touch; so it is told to put
 * the program in its own place, which changes nothing where it may.
 *
 * @throws UnexpectedProgramError when another program is there by now
 */
export function isHeldByLink(program: Program<'xdp'>, iface: Interface, mode: XdpMode): boolean {
  const failure = tryExchange(program.handle, program, iface, mode)
  if (failure !== null && failure.errno !== errno.EBUSY) throw refused(failure, program, iface, mode)
  return failure !== null
}

function tryExchange(
  next: Handle | 0,
  expected: Program<'xdp'>,
  { index, netns }: Interface,
  mode: XdpMode,
): Failure | null {
  return nativeBinding().xdpSet(next, index, modeFlag[mode] | REPLACE, expected.handle, netns)
}

function refused(failure: Failure, expected: Program<'xdp'>, iface: Interface, mode: XdpMode): Error {
  const { name, index } = iface
  if (!interfaceExists(iface)) return new InterfaceGoneError({ interface: name, ifindex: index })
  if (failure.errno === errno.EEXIST) {
    return new UnexpectedProgramError({ target: target(iface), expected, found: programOn(iface, mode) })
  }
  if (failure.errno === errno.EPERM || failure.errno === errno.EACCES) {
    return explain({
      operation: `change the program on ${name}`,
      errno: failure.errno,
      needs: [...needsToEnter(iface.netns), ['CAP_NET_ADMIN']],
      log: failure.log,
    })
  }
  return new XdpRefusedError({ interface: name, refusals: [refusal(iface, mode, 'netlink', failure)] })
}

function duplicate(program: Program<'xdp'>): Program<'xdp'> {
  const native = nativeBinding()
  const handle = native.adopt('program', native.descriptor(program.handle))
  if (typeof handle === 'number') return Program.fromHandle(handle).as('xdp')
  throw explain({ operation: `duplicate the descriptor of program ${program.name}`, errno: handle.errno })
}
