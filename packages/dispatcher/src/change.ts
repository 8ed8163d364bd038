import { AttachBusyError, type Program } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { findAbandoned } from './abandoned.js'
import { buildSet } from './build.js'
import { slotsPerDispatcher } from './config.js'
import { type AttachedSet, attachedSet } from './dispatcher.js'
import { DispatcherFullError } from './errors/index.js'
import { attachFirst, exchange, type SharedXdpMode } from './hook.js'
import type { Member } from './member.js'
import { inOrder } from './order.js'
import { type Place, target } from './place.js'
import { recordSet, removeRecord, type SetRecord, setRecords } from './records.js'
import { removeSet } from './set-pins.js'

/** How often to look again when somebody was faster who does not take the lock while he looks, as libxdp. */
const attempts = 10

/** What a change came to. */
export interface Changed {
  /** undefined: no program is left */
  readonly mode: SharedXdpMode | undefined
  /** dispatchers that are on no interface any more, and that packets may be in still */
  readonly stale: readonly SetRecord[]
}

/**
 * Changes the programs of a hook in one step: every packet meets all of the old ones or all of the new ones. With an error nothing was
 * changed. The lock must be held.
 *
 * Slots without a name whose owners have ended, end with it.
 *
 * @param takesOver - whether a slot of this name is to end as well if its owner has
 */
export function change(
  place: Place,
  mode: SharedXdpMode | 'auto',
  edit: (members: readonly Member[]) => readonly Member[],
  takesOver: (name: string) => boolean = () => false,
): Changed {
  for (let attempt = 1; ; attempt++) {
    using current = attachedSet(place)
    checkMode(place, current, mode)
    const before = current?.members ?? []
    const ids = new Set(before.map(({ id }) => id))
    using abandoned = findAbandoned(
      place,
      ({ name, programId }) => name === undefined || takesOver(name) || !ids.has(programId),
    )
    const after = inOrder(edit(before.filter(({ id }) => !abandoned.has(id))))
    if (after.length > slotsPerDispatcher) throw full(place, before)
    const done = isSame(before, after) ? stateOf(current) : put(place, current, after, mode)
    if (done !== undefined) {
      abandoned.forget()
      const stale = setRecords(place, place.iface.index).filter(({ dispatcherId }) => dispatcherId !== done.id)
      return { mode: done.mode, stale }
    }
    if (attempt === attempts) throw outrun(place, current)
  }
}

/** What a hook has after a change. */
interface State {
  readonly mode: SharedXdpMode | undefined
  readonly id: number | undefined
}

function stateOf(current: AttachedSet | undefined): State {
  return { mode: current?.mode, id: current?.dispatcher.id }
}

/**
 * Takes dispatchers away that no packet gets into any more, once those have left that are in them. The change is done by then: what
 * cannot be taken away is left to whoever changes something next.
 */
export async function dismantle(place: Place, { stale }: Changed): Promise<void> {
  if (stale.length === 0 || (await nativeBinding().waitForPrograms()) !== null) return
  for (const { dispatcherId, path } of stale) {
    try {
      removeSet(place, dispatcherId)
      removeRecord(path)
    } catch {
      // Its note is still there.
    }
  }
}

/** Undefined: somebody else has put another dispatcher there meanwhile. */
function put(
  place: Place,
  current: AttachedSet | undefined,
  members: readonly Member[],
  mode: SharedXdpMode | 'auto',
): State | undefined {
  // Should this process end in between, then whoever comes next knows which of the two is to go.
  if (current !== undefined) recordSet(place, current.dispatcher.id)
  if (members.length === 0) {
    const isOff = current === undefined || exchange(place, undefined, current.dispatcher, current.mode)
    return isOff ? { mode: undefined, id: undefined } : undefined
  }
  using built = buildSet(place, members)
  try {
    const got = attach(place, built.dispatcher, current, mode)
    if (got !== undefined) return { mode: got, id: built.dispatcher.id }
  } catch (error) {
    built.discard()
    throw error
  }
  built.discard()
  return undefined
}

function attach(
  place: Place,
  dispatcher: Program<'xdp'>,
  current: AttachedSet | undefined,
  mode: SharedXdpMode | 'auto',
): SharedXdpMode | undefined {
  if (current === undefined) return attachFirst(place, dispatcher, mode)
  return exchange(place, dispatcher, current.dispatcher, current.mode) ? current.mode : undefined
}

function isSame(before: readonly Member[], after: readonly Member[]): boolean {
  return before.length === after.length && before.every((member, slot) => member === after[slot])
}

function checkMode(place: Place, current: AttachedSet | undefined, mode: SharedXdpMode | 'auto'): void {
  if (current === undefined || mode === 'auto' || mode === current.mode) return
  throw busy(place, current, `it runs in ${current.mode} mode, and a program that joins it runs in that mode, too`)
}

function full(place: Place, members: readonly Member[]): DispatcherFullError {
  return new DispatcherFullError({ target: target(place), programs: members.map(({ id, name }) => ({ id, name })) })
}

function outrun(place: Place, current: AttachedSet | undefined): AttachBusyError {
  return busy(place, current, `somebody else has changed it ${attempts} times in a row meanwhile`)
}

function busy(place: Place, current: AttachedSet | undefined, hint: string): AttachBusyError {
  const program = current && { id: current.dispatcher.id, name: current.dispatcher.name }
  return new AttachBusyError({
    target: current === undefined ? target(place) : `${target(place)} (${current.mode})`,
    holder: program === undefined ? {} : { program },
    hint,
  })
}
