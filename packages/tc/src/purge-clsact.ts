import { type Interface, nativeBinding } from '@millrace/core/internal'
import { clsact } from './clsact/index.js'
import type { TcHook } from './hook.js'
import type { PurgedTc } from './purged.js'
import { unlessGone } from './unless-gone.js'

/** Removes the filters of an interface that bear our mark; with the last goes the qdisc, if it was made for them. */
export function purgeClsact(iface: Interface, pinRoot: string): PurgedTc[] {
  const filters = (['ingress', 'egress'] as const).flatMap((direction) =>
    purgeFilters({ interface: iface, direction }, pinRoot),
  )
  if (filters.length === 0 || nativeBinding().clsactExists(iface.index, iface.netns) === true) return filters
  return [...filters, { what: 'qdisc', interface: iface.name, direction: undefined, name: undefined }]
}

function purgeFilters(hook: TcHook, pinRoot: string): PurgedTc[] {
  const found = unlessGone(() => clsact.list(hook))
  if (found === undefined || !('entries' in found)) return []
  return found.entries.flatMap((entry): PurgedTc[] => {
    const { mark } = entry
    if (mark === undefined || (mark.pinRoot !== undefined && mark.pinRoot !== pinRoot)) return []
    unlessGone(() => clsact.grip(hook, entry).detach())
    return [{ what: 'filter', interface: hook.interface.name, direction: hook.direction, name: mark.name }]
  })
}
