import {
  AnchorGoneError,
  AttachBusyError,
  InterfaceGoneError,
  type Program,
  RevisionMismatchError,
} from '@millrace/core'
import { errno, explain, type Failure, interfaceExists, needsToEnter } from '@millrace/core/internal'
import { entryText } from '../entry-text.js'

import type { Placement } from '../mechanism.js'
import type { ListHook } from './list-hook.js'

/** BPF_MPROG_MAX of the kernel, of which one stays free. */
const MOST_PROGRAMS = 63

/** The error for a program that the kernel did not put into the list. */
export function refusedAttach(hook: ListHook, placement: Placement, failure: Failure): Error {
  const { program, position, expectedRevision } = placement
  const gone = interfaceGone(hook)
  if (gone !== undefined) return gone
  switch (failure.errno) {
    case errno.ENOENT:
      if (!('anchor' in position)) break
      return new AnchorGoneError({ target: hook.target, anchor: entryText(position.anchor) })
    case errno.ESTALE:
      if (expectedRevision === undefined) break
      return new RevisionMismatchError({ target: hook.target, expected: expectedRevision, found: hook.list().revision })
    case errno.EEXIST:
      return twice(hook, program)
    case errno.ERANGE:
      return new AttachBusyError({
        target: hook.target,
        holder: {},
        hint: `${MOST_PROGRAMS} programs stand there, and the kernel takes no more`,
      })
  }
  return explain({
    operation: `attach program ${program.name} to ${hook.target}`,
    errno: failure.errno,
    needs: [...needsToEnter(hook.interface.netns), ['CAP_NET_ADMIN']],
    log: failure.log,
  })
}

/** The kernel's lists hold a program once. */
export function twice(hook: ListHook, program: Program): AttachBusyError {
  const there = hook.list().entries.find(({ programId }) => programId === program.id)
  return new AttachBusyError({
    target: hook.target,
    holder: { program, linkId: there?.linkId || undefined },
    hint: 'a program cannot stand on a hook twice: load it again to have another',
  })
}

export function interfaceGone({ interface: iface }: ListHook): InterfaceGoneError | undefined {
  if (interfaceExists(iface)) return undefined
  return new InterfaceGoneError({ interface: iface.name, ifindex: iface.index })
}
