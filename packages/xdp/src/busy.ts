import { AttachBusyError } from '@millrace/core'
import type { Interface } from '@millrace/core/internal'
import { attachedTo } from './query.js'
import { target } from './target.js'

/** The error for an interface that has a program; asks for it again, where the kernel only said that there is one. */
export function busy(iface: Interface, hint: string, holder = attachedTo(iface)[0]): AttachBusyError {
  // It has gone meanwhile, or sits on the bond that this interface is a port of.
  if (holder === undefined) return new AttachBusyError({ target: target(iface), holder: {}, hint })
  const { mode, program, linkId } = holder
  return new AttachBusyError({
    target: `${target(iface)} (${mode})`,
    holder: { program: { id: program.id, name: program.name }, linkId },
    hint,
  })
}
