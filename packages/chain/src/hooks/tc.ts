import type { Program } from '@millrace/core'
import { type Interface, resolveInterface } from '@millrace/core/internal'
import { attachTc, queryTc, type TcAttachment } from '@millrace/tc'
import type { CreateTcChainOptions, TcPlace } from '../options.js'
import { type Attachment, Hook } from './hook.js'

/** @throws what `attachTc` throws */
export function attachToTc(end: Program, options: CreateTcChainOptions): Hook {
  const { direction, order, mechanism, netns, pin = 'chain' } = options
  const iface = resolveInterface(options.interface, netns)
  const attachment = attachTc(end.as('sched_cls'), iface.index, { direction, order, mechanism, netns, name: pin })
  return tcHook(forAnyProgram(attachment), options, iface)
}

/** The hook with an attachment that is there already. */
export function tcHook(attachment: Attachment, { direction }: TcPlace, iface: Interface): Hook {
  return new Hook(attachment, iface, `tc ${direction} on ${iface.name}`)
}

/** Takes hold of a program that a filter keeps on the hook, by putting it in its own place. */
export function regainTc(
  head: Program,
  { direction, netns, pin }: TcPlace & { pin: string },
  iface: Interface,
): Attachment {
  const order = { replace: { programId: head.id } }
  const options = { direction, netns, mechanism: 'clsact', order, name: pin } as const
  return forAnyProgram(attachTc(head.as('sched_cls'), iface.index, options))
}

/** Ids of the programs there. */
export function programsOnTc({ direction, netns }: TcPlace, iface: Interface): number[] {
  return queryTc(iface.index, { direction, netns, pids: false }).programs.flatMap(({ program }) => program?.id ?? [])
}

/** A filter stays by itself, and the attachment holds nothing open for it. */
function forAnyProgram(attachment: TcAttachment): Attachment {
  return {
    mechanism: attachment.mechanism,
    mode: undefined,
    reason: attachment.reason,
    link: attachment.link,
    update: (program, { expectedOld }) =>
      attachment.update(program.as('sched_cls'), { expectedOld: expectedOld.as('sched_cls') }),
    query: () => attachment.query(),
    detach: () => attachment.detach(),
    leave: () => {
      if (attachment.link !== undefined) attachment.close()
    },
    close: () => {
      // The last one to close a link detaches, and whoever lists links at this moment may be that.
      if (attachment.link !== undefined) attachment.detach()
      else attachment.close()
    },
  }
}
