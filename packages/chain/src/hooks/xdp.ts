import type { Program } from '@millrace/core'
import { type Interface, resolveInterface } from '@millrace/core/internal'
import { attachXdp, queryXdp, type XdpAttachment } from '@millrace/xdp'
import type { CreateXdpChainOptions, XdpPlace } from '../options.js'
import { type Attachment, Hook } from './hook.js'

/** @throws what `attachXdp` throws */
export function attachToXdp(end: Program, options: CreateXdpChainOptions): Hook {
  const { mode, mechanism, netns, frags } = options
  const iface = resolveInterface(options.interface, netns)
  return xdpHook(forAnyProgram(attachXdp(end.as('xdp'), iface.index, { mode, mechanism, netns, frags })), iface)
}

/** The hook with an attachment that is there already. */
export function xdpHook(attachment: Attachment, iface: Interface): Hook {
  return new Hook(attachment, iface, `XDP on ${iface.name}`)
}

/** Takes hold of a program that netlink keeps on the interface, by putting it in its own place. */
export function regainXdp(head: Program, { netns }: XdpPlace, iface: Interface): Attachment {
  const expectedOld = head.as('xdp')
  return forAnyProgram(attachXdp(expectedOld, iface.index, { netns, mechanism: 'netlink', expectedOld }))
}

/** Ids of the programs there. */
export function programsOnXdp({ netns }: XdpPlace, iface: Interface): number[] {
  return queryXdp(iface.index, { netns, pids: false }).map(({ program }) => program.id)
}

/** The mode that a program is attached in. */
export function modeOnXdp({ netns }: XdpPlace, iface: Interface, id: number): string | undefined {
  return queryXdp(iface.index, { netns, pids: false }).find(({ program }) => program.id === id)?.mode
}

function forAnyProgram(attachment: XdpAttachment): Attachment {
  return {
    mechanism: attachment.mechanism,
    mode: attachment.mode,
    reason: attachment.reason,
    link: attachment.link,
    update: (program, { expectedOld }) => attachment.update(program.as('xdp'), { expectedOld: expectedOld.as('xdp') }),
    query: () => attachment.query(),
    detach: () => attachment.detach(),
    leave: () => attachment.leave(),
    close: () => {
      // The last one to close a link detaches, and whoever lists links at this moment may be that.
      if (attachment.link !== undefined) attachment.detach()
      else attachment.close()
    },
  }
}
