import { errno, type Failure, nativeBinding } from '@millrace/core/internal'
import { QdiscBusyError } from '../errors/index.js'
import type { TcHook } from '../hook.js'
import type { Placement, Unavailable } from '../mechanism.js'
import { parentOf } from './hook-state.js'
import { labelText } from './label.js'
import type { FilterPlace } from './priority.js'
import { hasQdisc, ownersOf, refusedQdisc, removeQdiscIfUnused } from './qdisc.js'

/** What to make, and where. */
export interface Wanted {
  readonly hook: TcHook
  readonly placement: Placement
  readonly place: FilterPlace
}

/** As when somebody has taken the place: it is worth another look. */
const disturbed: Failure = { errno: errno.EEXIST, log: '' }

/**
 * Makes a filter, and together with it the qdisc where that is missing: whoever is killed leaves no qdisc without a filter that says
 * whose it is.
 *
 * @returns why it could not be made; null: it is there
 * @throws QdiscBusyError when an ingress qdisc has the place of clsact
 * @throws InterfaceGoneError, MissingCapabilityError, KernelError
 */
export function makeFilter(wanted: Wanted): Failure | Unavailable | null {
  const iface = wanted.hook.interface
  if (hasQdisc(iface)) return set(wanted, { ownsQdisc: ownersOf(iface).length > 0, replace: false })
  const { placement, hook } = wanted
  const filter = filterOf(wanted, { ownsQdisc: true, replace: false })
  const { handle } = placement.program
  const answer = nativeBinding().filterSetWithQdisc(handle, iface.index, parentOf(hook), filter, iface.netns)
  if ('errno' in answer) {
    if (answer.errno === errno.EBUSY) throw new QdiscBusyError({ interface: iface.name })
    return answer
  }
  if (answer.filter === null) return answer.qdisc === null ? null : correct(wanted)
  if (answer.qdisc === null) undo(wanted)
  else if (answer.qdisc.errno !== errno.EEXIST) return refusedQdisc(iface, answer.qdisc)
  return answer.filter
}

/** Somebody has made a qdisc at the same moment, and our filter stands on that: it is not to say that it is ours. */
function correct(wanted: Wanted): Failure | null {
  const { hook, place } = wanted
  const { interface: iface } = hook
  const failure = hasQdisc(iface) ? disown(wanted) : disturbed
  if (failure !== null) {
    nativeBinding().filterDelete(iface.index, parentOf(hook), place.priority, place.handle, iface.netns)
  }
  return failure
}

function disown(wanted: Wanted): Failure | null {
  const others = ownersOf(wanted.hook.interface).length - 1
  return others > 0 ? null : set(wanted, { ownsQdisc: false, replace: true })
}

/** The refusal that led here says more than an error about this would. */
function undo({ hook }: Wanted): void {
  try {
    removeQdiscIfUnused(hook.interface)
  } catch {
    // It went with its interface, or the rights to remove it did.
  }
}

interface How {
  readonly ownsQdisc: boolean
  readonly replace: boolean
}

function set(wanted: Wanted, how: How): Failure | null {
  const { hook, placement } = wanted
  const { index, netns } = hook.interface
  return nativeBinding().filterSet(placement.program.handle, index, parentOf(hook), filterOf(wanted, how), netns)
}

function filterOf({ placement, place }: Wanted, { ownsQdisc, replace }: How) {
  return { ...place, name: labelText({ mark: placement.mark, ownsQdisc }), replace }
}
