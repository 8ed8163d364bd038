import { UnsupportedKernelError } from '@millrace/core'
import { errno, type Failure, type Interface, nativeBinding, runningKernel } from '@millrace/core/internal'
import { QdiscBusyError } from '../errors/index.js'
import type { Unavailable } from '../mechanism.js'
import { allFiltersOf, refused } from './hook-state.js'

/** What another does at the same moment does not last that long. */
const LOOKS = 8

/**
 * Sees to it that there is one. `made`: there was none.
 *
 * @throws QdiscBusyError when an ingress qdisc has its place
 * @throws InterfaceGoneError, MissingCapabilityError, KernelError
 */
export function ensureQdisc(iface: Interface): { readonly made: boolean } | Unavailable {
  const native = nativeBinding()
  for (let look = 0; look < LOOKS; look++) {
    const failure = native.clsactCreate(iface.index, iface.netns)
    if (failure === null) return { made: true }
    if (failure.errno === errno.ENOENT && failure.log !== '') return absence()
    if (failure.errno !== errno.EEXIST) throw refused(iface, `make the clsact qdisc on ${iface.name}`, failure)
    const exists = native.clsactExists(iface.index, iface.netns)
    if (exists === true) return { made: false }
    if (exists !== false) throw refused(iface, `look for the clsact qdisc on ${iface.name}`, exists)
  }
  throw new QdiscBusyError({ interface: iface.name })
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
