import { UnsupportedKernelError } from '@millrace/core'
import {
  errno,
  type Failure,
  type Interface,
  type NativeFilter,
  nativeBinding,
  runningKernel,
} from '@millrace/core/internal'
import type { TcHook } from '../hook.js'
import type { Unavailable } from '../mechanism.js'
import { allFiltersOf, parentOf, refused } from './hook-state.js'
import { labelOf } from './label.js'

/** What another does at the same moment does not last that long. */
const LOOKS = 8

/** @throws InterfaceGoneError, MissingCapabilityError, KernelError */
export function hasQdisc(iface: Interface): boolean {
  const exists = nativeBinding().clsactExists(iface.index, iface.netns)
  if (typeof exists === 'boolean') return exists
  throw refused(iface, `look for the clsact qdisc on ${iface.name}`, exists)
}

/** Filters that say that Millrace has made the qdisc. */
export function ownersOf(iface: Interface): readonly NativeFilter[] {
  return allFiltersOf(iface).filter(({ name }) => labelOf(name)?.ownsQdisc)
}

/**
 * Why it could not be made.
 *
 * @returns that this kernel has none
 * @throws InterfaceGoneError, MissingCapabilityError, KernelError
 */
export function refusedQdisc(iface: Interface, failure: Failure): Unavailable {
  if (failure.errno === errno.ENOENT && failure.log !== '') return absence()
  throw refused(iface, `make the clsact qdisc on ${iface.name}`, failure)
}

/**
 * Removes the qdisc together with the last filter on it, in one step. A filter that somebody adds between the look and the removal
 * goes with it, as below.
 *
 * @returns false: there are others, or somebody is at one; nothing was changed
 */
export function removeQdiscWithLast(hook: TcHook, { priority, handle, programId }: NativeFilter): boolean {
  const { interface: iface } = hook
  for (let look = 0; look < LOOKS; look++) {
    const failure = nativeBinding().filterDeleteWithQdisc(
      iface.index,
      parentOf(hook),
      priority,
      handle,
      programId,
      iface.netns,
    )
    if (failure === null) return true
    if (failure.errno === errno.ENOTEMPTY || isGone(failure)) return false
    // As below: Linux 6.4.
    if (failure.errno !== errno.EBUSY) throw refused(iface, `remove the clsact qdisc of ${iface.name}`, failure)
  }
  return false
}

/**
 * Removes the qdisc, unless a filter of anybody stands on it in either direction. One that somebody adds between the look and the
 * removal goes with it: that cannot be told apart by netlink, and is kept from other users of Millrace by a lock.
 */
export function removeQdiscIfUnused(iface: Interface): void {
  for (let look = 0; look < LOOKS && allFiltersOf(iface).length === 0; look++) {
    const failure = nativeBinding().clsactDelete(iface.index, iface.netns)
    if (failure === null || isGone(failure)) return
    // Somebody is at a filter this very moment (Linux 6.4); if he goes on doing so, it is he who uses the qdisc.
    if (failure.errno !== errno.EBUSY) throw refused(iface, `remove the clsact qdisc of ${iface.name}`, failure)
  }
}

/** What the kernel says when there is none, never was or not any more, or when another kind has its place by now. */
function isGone({ errno: code }: Failure): boolean {
  return code === errno.ENOENT || code === errno.EINVAL || code === errno.ENODEV
}

function absence(): Unavailable {
  const error = new UnsupportedKernelError({
    feature: 'clsact',
    running: runningKernel(),
    hint: 'it was built without CONFIG_NET_SCH_INGRESS, or its module sch_ingress is not installed',
  })
  return { reason: error.message, unavailable: error }
}
