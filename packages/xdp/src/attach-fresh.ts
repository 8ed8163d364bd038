import { InterfaceGoneError } from '@millrace/core'
import { errno, explain, type Failure, needsToEnter } from '@millrace/core/internal'
import { busy } from './busy.js'
import { type XdpRefusal, XdpRefusedError } from './errors/index.js'
import { LinkGrip } from './grip-link.js'
import { NetlinkGrip } from './grip-netlink.js'
import type { Grip, XdpMechanism } from './mechanism.js'
import type { XdpMode } from './mode.js'
import type { AttachRequest } from './options.js'
import { lastOfEachMode, refusal, whyNotBetter } from './refusal.js'

/** A program that is in place. */
export interface Attached {
  readonly mode: XdpMode
  readonly grip: Grip
  /** why not a better mode or mechanism */
  readonly reason: string | undefined
}

const grips = { link: LinkGrip, netlink: NetlinkGrip } as const

/** Attaches where nothing is, trying the better mode and mechanism first. */
export function attachFresh(request: AttachRequest): Attached {
  const { program, iface } = request
  const refusals: XdpRefusal[] = []
  for (const mode of modes(request)) {
    for (const mechanism of mechanisms(request)) {
      const grip = grips[mechanism].attach(program, iface, mode)
      if (!('errno' in grip)) return { mode, grip, reason: whyNotBetter(refusals, mode) }
      throwUnlessRefused(request, grip)
      refusals.push(refusal(iface, mode, mechanism, grip))
    }
  }
  throw new XdpRefusedError({ interface: iface.name, refusals: lastOfEachMode(refusals) })
}

function modes({ mode }: AttachRequest): readonly XdpMode[] {
  return mode === 'auto' ? ['native', 'generic'] : [mode]
}

/** A link refused for what the driver cannot do is refused by netlink too, which then says more about why. */
function mechanisms({ mechanism }: AttachRequest): readonly XdpMechanism[] {
  return mechanism === 'auto' ? ['link', 'netlink'] : [mechanism]
}

/** What no other mode or mechanism would help against. */
function throwUnlessRefused({ program, iface }: AttachRequest, failure: Failure): void {
  switch (failure.errno) {
    // EEXIST: a program in the other mode, or on the bond above.
    case errno.EBUSY:
    case errno.EEXIST:
      throw busy(iface, 'detach it, pass replace: true to take over from it, or put both programs into a chain')
    case errno.ENODEV:
    case errno.ENXIO:
      throw new InterfaceGoneError({ interface: iface.name, ifindex: iface.index })
    case errno.EPERM:
    case errno.EACCES:
      throw explain({
        operation: `attach program ${program.name} to ${iface.name}`,
        errno: failure.errno,
        needs: [...needsToEnter(iface.netns), ['CAP_NET_ADMIN']],
        log: failure.log,
      })
  }
}
