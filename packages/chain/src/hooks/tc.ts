import type { Program } from '@millrace/core'
import { type Interface, nativeBinding, resolveInterface } from '@millrace/core/internal'
import { attachTc, type TcAttachment, type TcDirection } from '@millrace/tc'
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
  return new Hook(attachment, iface, `tc ${direction} on ${iface.name}`, () => programsOnTc(direction, iface))
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

/** TC_H_CLSACT with TC_H_MIN_INGRESS and TC_H_MIN_EGRESS */
const parents = { ingress: 0xfffffff2, egress: 0xfffffff3 } as const

/** Ids of the programs that filters keep there; none when it is gone. */
export function programsOnTc(direction: TcDirection, { index, netns }: Interface): number[] {
  const filters = nativeBinding().filterList(index, parents[direction], netns)
  return 'errno' in filters ? [] : filters.map(({ programId }) => programId).filter((id) => id !== 0)
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
