import { InterfaceGoneError, type MillraceError } from '@millrace/core'
import {
  explain,
  type Failure,
  type Interface,
  interfaceExists,
  type NativeFilter,
  nativeBinding,
  needsToEnter,
} from '@millrace/core/internal'
import type { TcDirection, TcHook } from '../hook.js'

/** TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS) and its like */
const parents = { ingress: 0xffff_fff2, egress: 0xffff_fff3 } as const

/** How rtnetlink names the hook. */
export function parentOf({ direction }: { readonly direction: TcDirection }): number {
  return parents[direction]
}

/**
 * All filters of the hook, in the order in which they run.
 *
 * @throws InterfaceGoneError, MissingCapabilityError, KernelError
 */
export function filtersOf({ interface: iface, direction }: TcHook): readonly NativeFilter[] {
  const found = nativeBinding().filterList(iface.index, parents[direction], iface.netns)
  if (!('errno' in found)) return found
  throw refused(iface, `list the ${direction} filters of ${iface.name}`, found)
}

/** Of both directions. */
export function allFiltersOf(iface: Interface): readonly NativeFilter[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => filtersOf({ interface: iface, direction }))
}

/** The error for what rtnetlink has refused. */
export function refused(iface: Interface, operation: string, { errno, log }: Failure): MillraceError {
  if (!interfaceExists(iface)) return new InterfaceGoneError({ interface: iface.name, ifindex: iface.index })
  const needs = [...needsToEnter(iface.netns), ['CAP_NET_ADMIN'] as const]
  // The kernel's own words say more than the number.
  return explain({ operation, errno, needs, hint: log === '' ? undefined : log, log })
}
