import { AttachBusyError, ClosedError, RevisionMismatchError } from '@millrace/core'
import { errno, type Failure, identityOf, type NativeFilter } from '@millrace/core/internal'
import { entryText } from '../entry-text.js'
import { type TcHook, target } from '../hook.js'
import { isSameMark } from '../mark.js'
import type { Placement, Unavailable } from '../mechanism.js'
import { entryOf, ofEntryChain } from './filter.js'
import { FilterGrip } from './filter-grip.js'
import { filtersOf, refused } from './hook-state.js'
import { labelOf } from './label.js'
import { makeFilter } from './make-filter.js'
import { choosePlace, FIRST_HANDLE, type FilterPlace } from './priority.js'
import { revisionOf } from './revision.js'

/** How often it is tried again when others change the hook between the look at it and the change. */
const MOST_ATTEMPTS = 16

/** What it looks like when they do: the place is taken, taken by another kind of filter, or the qdisc is gone. */
const raced: ReadonlySet<number> = new Set([errno.EEXIST, errno.EINVAL, errno.ENOENT])

/** Makes a filter, and the qdisc where it is missing. Whoever calls holds the lock of the namespace. */
export function attachFilter(hook: TcHook, placement: Placement): FilterGrip | Unavailable {
  for (let attempt = 1; ; attempt++) {
    const place = findPlace(hook, placement)
    const failure = makeFilter({ hook, placement, place })
    if (failure === null) {
      return new FilterGrip({ hook, place, programId: placement.program.id, own: true, mark: undefined })
    }
    if ('unavailable' in failure) return failure
    if (attempt === MOST_ATTEMPTS || !raced.has(failure.errno)) throw refusedAttach(hook, placement, failure)
  }
}

/** Everything that can be refused without having changed anything. */
function findPlace(hook: TcHook, { expectedRevision, mark, priority, position }: Placement): FilterPlace {
  const filters = filtersOf(hook)
  const name = target(hook)
  const revision = revisionOf(filters)
  if (expectedRevision !== undefined && revision !== expectedRevision) {
    throw new RevisionMismatchError({ target: name, expected: expectedRevision, found: revision })
  }
  const twin = filters.find((it) => mark.pinRoot !== undefined && isSameMark(labelOf(it.name)?.mark, mark))
  if (twin !== undefined) throw busy(name, twin, 'it has the name under which it is to be adopted')
  const entered = ofEntryChain(filters)
  if (priority === undefined) return choosePlace(name, entered, position)
  const holder = entered.find((it) => it.priority === priority)
  if (holder === undefined) return { priority, handle: FIRST_HANDLE }
  throw busy(`priority ${priority} of ${name}`, holder, 'choose another priority, or an order instead')
}

function busy(name: string, holder: NativeFilter, hint: string): AttachBusyError {
  const program = identityOf(holder.programId)
  return new AttachBusyError({ target: name, holder: { program }, hint: `${entryText(entryOf(holder))}: ${hint}` })
}

function refusedAttach(hook: TcHook, { program }: Placement, failure: Failure): Error {
  if (failure.errno === errno.EBADF) return new ClosedError({ what: 'program', name: program.name })
  return refused(hook.interface, `attach program ${program.name} to ${target(hook)}`, failure)
}
