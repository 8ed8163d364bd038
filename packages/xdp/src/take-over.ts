import { KernelError, Program, UnexpectedProgramError } from '@millrace/core'
import { errno, type Interface } from '@millrace/core/internal'
import { type Attached, attachFresh } from './attach-fresh.js'
import { busy } from './busy.js'
import { LinkGrip } from './grip-link.js'
import { isHeldByLink, NetlinkGrip } from './grip-netlink.js'
import type { AttachRequest } from './options.js'
import { type AttachedXdp, attachedTo, linksOf } from './query.js'
import { target } from './target.js'

/** How often to look again when somebody else was faster. */
const ATTEMPTS = 5

/**
 * Puts the program in the place of the one that is there, by the mechanism that holds that one: only so is it one step. Each
 * attempt names the program that was found, so that what others do in between is noticed and not undone.
 */
export function takeOver(request: AttachRequest): Attached {
  for (let attempt = 1; ; attempt++) {
    const holder = holderOf(request)
    if (holder === undefined) return attachFresh(request)
    try {
      return replaceHolder(request, holder)
    } catch (error) {
      if (!isRaced(error) || attempt === ATTEMPTS) throw error
    }
  }
}

/** The program to replace; undefined: there is none, and none was expected. */
function holderOf({ iface, expectedOld, mode }: AttachRequest): AttachedXdp | undefined {
  const attached = attachedTo(iface)
  const holder = attached.find((it) => it.mode === mode) ?? attached[0]
  if (expectedOld !== undefined && holder?.program.id !== expectedOld.id) {
    const found = holder && { id: holder.program.id, name: holder.program.name ?? '' }
    throw new UnexpectedProgramError({ target: target(iface), expected: expectedOld, found })
  }
  if (holder === undefined) return undefined
  if (mode !== 'auto' && mode !== holder.mode) {
    throw busy(iface, `it cannot be replaced in ${mode} mode while it runs in ${holder.mode} mode`, holder)
  }
  return holder
}

function replaceHolder({ program, iface, mechanism }: AttachRequest, holder: AttachedXdp): Attached {
  const { mode } = holder
  using old = Program.openById(holder.program.id).as('xdp')
  const held = isHeldByLink(old, iface, mode) ? 'link' : 'netlink'
  if (mechanism !== 'auto' && mechanism !== held) {
    throw busy(iface, `it was attached by ${held} and can only be replaced by ${held}`, holder)
  }
  if (held === 'link') {
    return { mode, grip: LinkGrip.replace(program, old, linkOf(iface, holder), iface, mode), reason: undefined }
  }
  const grip = NetlinkGrip.replace(program, old, iface, mode)
  const reason =
    mechanism === 'netlink' ? undefined : 'link: a program attached by netlink can only be replaced by netlink'
  return { mode, grip, reason }
}

/** Which link holds the program. Better none than one that holds it on another interface. */
function linkOf(iface: Interface, holder: AttachedXdp): number {
  const links = linksOf(holder.program.id, iface.index)
  const [link] = links
  if (link !== undefined && links.length === 1) return link
  const among = links.length === 0 ? '' : ` among links ${links.join(', ')}, on interfaces of the same index elsewhere,`
  throw busy(iface, `which link it is${among} cannot be told: update that link itself`, holder)
}

/** What was found was gone or replaced by the time it was to be replaced. */
function isRaced(error: unknown): boolean {
  return error instanceof UnexpectedProgramError || (error instanceof KernelError && error.errno === errno.ENOENT)
}
