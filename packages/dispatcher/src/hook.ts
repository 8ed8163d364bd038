import { AttachBusyError, InterfaceGoneError, type Program } from '@millrace/core'
import {
  errno,
  errnoName,
  errnoText,
  explain,
  type Failure,
  interfaceExists,
  nativeBinding,
  needsToEnter,
} from '@millrace/core/internal'
import { type XdpMode, type XdpRefusal, XdpRefusedError } from '@millrace/xdp'
import { type Place, target } from './place.js'

/** The modes in which programs can share an interface. */
export type SharedXdpMode = Exclude<XdpMode, 'offload'>

/** As uapi `<linux/if_link.h>` has them: XDP_FLAGS_SKB_MODE, XDP_FLAGS_DRV_MODE. */
const modeFlag: Readonly<Record<SharedXdpMode, number>> = { generic: 1 << 1, native: 1 << 2 }

/** XDP_FLAGS_UPDATE_IF_NOEXIST, XDP_FLAGS_REPLACE */
const onlyIfFree = 1 << 0
const onlyIfExpected = 1 << 4

/** What is on a hook. */
export interface OnHook {
  readonly mode: SharedXdpMode
  readonly programId: number
}

/** A dispatcher is attached by netlink, not by a link: that is how libxdp does it, and a link would keep libxdp from replacing ours. */
export function onHook({ iface }: Place): OnHook | undefined {
  const { name, index, netns } = iface
  const state = nativeBinding().xdpQuery(index, netns)
  if ('errno' in state) {
    if (!interfaceExists(iface)) throw new InterfaceGoneError({ interface: name, ifindex: index })
    throw explain({ operation: `query XDP on ${name}`, errno: state.errno, log: state.log, needs: needsToEnter(netns) })
  }
  if (state.driverProgramId !== 0) return { mode: 'native', programId: state.driverProgramId }
  if (state.genericProgramId !== 0) return { mode: 'generic', programId: state.genericProgramId }
  // Of an interface that is gone it tells the same.
  if (!interfaceExists(iface)) throw new InterfaceGoneError({ interface: name, ifindex: index })
  return undefined
}

/**
 * Puts a dispatcher on a hook that is free, in the best mode there is; undefined: the hook is not free any more.
 *
 * @throws XdpRefusedError with the kernel's reason for each mode
 */
export function attachFirst(
  place: Place,
  dispatcher: Program<'xdp'>,
  mode: SharedXdpMode | 'auto',
): SharedXdpMode | undefined {
  const refusals: XdpRefusal[] = []
  for (const it of mode === 'auto' ? (['native', 'generic'] as const) : [mode]) {
    const failure = set(place, dispatcher, undefined, it)
    if (failure === null) return it
    if (failure.errno === errno.EBUSY || failure.errno === errno.EEXIST) return undefined
    refusals.push(refusal(place, it, failure))
  }
  throw new XdpRefusedError({ interface: place.iface.name, refusals })
}

/**
 * Puts a dispatcher in the place of another, or with undefined nothing, in one step; false: the other one is not there any more.
 *
 * @throws XdpRefusedError with the kernel's reason
 */
export function exchange(
  place: Place,
  next: Program<'xdp'> | undefined,
  old: Program<'xdp'>,
  mode: SharedXdpMode,
): boolean {
  const failure = set(place, next, old, mode)
  if (failure === null) return true
  if (failure.errno === errno.EEXIST) return false
  if (failure.errno === errno.EBUSY) throw heldByLink(place, old, mode)
  throw new XdpRefusedError({ interface: place.iface.name, refusals: [refusal(place, mode, failure)] })
}

function set(
  { iface: { index, netns } }: Place,
  next: Program<'xdp'> | undefined,
  old: Program<'xdp'> | undefined,
  mode: SharedXdpMode,
): Failure | null {
  const flags = modeFlag[mode] | (old === undefined ? onlyIfFree : onlyIfExpected)
  return nativeBinding().xdpSet(next?.handle ?? 0, index, flags, old?.handle ?? 0, netns)
}

/** Why it was not done in this mode; what no other mode would help against is thrown. */
function refusal({ iface }: Place, mode: SharedXdpMode, failure: Failure): XdpRefusal {
  const { name, index, netns } = iface
  const { errno: code, log } = failure
  if (!interfaceExists(iface)) throw new InterfaceGoneError({ interface: name, ifindex: index })
  if (code === errno.EPERM || code === errno.EACCES) {
    const needs = [...needsToEnter(netns), ['CAP_NET_ADMIN']] as const
    throw explain({ operation: `put a dispatcher on ${name}`, errno: code, needs, log })
  }
  // A sentence of the kernel's (extack), which libbpf prints.
  const said = /Kernel error message: (.*?)\.?\s*$/m.exec(log)?.[1] ?? errnoText(code)
  const frags =
    code === errno.ERANGE
      ? `; the MTU of ${name} is too large for a dispatcher of programs not all of which are in section xdp.frags`
      : ''
  return { mode, mechanism: 'netlink', errno: code, reason: `${mode}: ${said} (${errnoName(code)})${frags}` }
}

function heldByLink(place: Place, { id, name }: Program, mode: SharedXdpMode): AttachBusyError {
  return new AttachBusyError({
    target: `${target(place)} (${mode})`,
    holder: { program: { id, name } },
    hint: 'this dispatcher was attached by a link, and only the owner of the link can exchange it',
  })
}
