import type { Program } from '@millrace/core'
import { type Interface, nativeBinding, resolveInterface } from '@millrace/core/internal'
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
  return new Hook(attachment, iface, `XDP on ${iface.name}`, () => programsOnXdp(iface))
}

/** Takes hold of a program that netlink keeps on the interface, by putting it in its own place. */
export function regainXdp(head: Program, { netns }: XdpPlace, iface: Interface): Attachment {
  const expectedOld = head.as('xdp')
  return forAnyProgram(attachXdp(expectedOld, iface.index, { netns, mechanism: 'netlink', expectedOld }))
}

/** Ids of the programs there; none when it is gone. */
export function programsOnXdp({ index, netns }: Interface): number[] {
  const state = nativeBinding().xdpQuery(index, netns)
  if ('errno' in state) return []
  return [state.driverProgramId, state.genericProgramId, state.hardwareProgramId].filter((id) => id !== 0)
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
    detach: () => attachment.detach(),
    leave: () => attachment.leave(),
    close: () => {
      // The last one to close a link detaches, and whoever lists links at this moment may be that.
      if (attachment.link !== undefined) attachment.detach()
      else attachment.close()
    },
  }
}
