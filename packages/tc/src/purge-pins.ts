import { Link, PinError } from '@millrace/core'
import type { Interface } from '@millrace/core/internal'
import type { TcDirection } from './hook.js'
import { tcx } from './list/tcx.js'
import { type Pin, readPins, removePin } from './pins.js'
import type { PurgedTc } from './purged.js'
import { unlessGone } from './unless-gone.js'

/** Where a link is. */
interface Standpoint {
  readonly interface: string
  readonly direction: TcDirection
}

/** Removes the pins below a root, and takes what they hold off its hook; unless `everywhere`, only on those interfaces. */
export function purgePins(pinRoot: string, interfaces: readonly Interface[], everywhere: boolean): PurgedTc[] {
  return readPins(pinRoot).flatMap((pin): PurgedTc[] => {
    const { name, path, ifindex } = pin
    if (ifindex === 0) {
      removePin(path)
      return [{ what: 'pin', interface: undefined, direction: undefined, name }]
    }
    const found = standpointOf(pin, interfaces)
    if (found === undefined && !everywhere) return []
    detach(path)
    return [{ what: 'link', interface: found?.interface, direction: found?.direction, name }]
  })
}

/** A link tells the index of its interface, and not its namespace: the hook there tells whether it is this link's. */
function standpointOf({ ifindex, linkId }: Pin, interfaces: readonly Interface[]): Standpoint | undefined {
  const iface = interfaces.find(({ index }) => index === ifindex)
  if (iface === undefined) return undefined
  for (const direction of ['ingress', 'egress'] as const) {
    const found = unlessGone(() => tcx.list({ interface: iface, direction }))
    if (found === undefined || !('entries' in found)) continue
    if (found.entries.some((entry) => entry.linkId === linkId)) return { interface: iface.name, direction }
  }
  return undefined
}

/** The pin first: who is killed after that leaves a link that nobody holds. */
function detach(path: string): void {
  try {
    using link = Link.open(path)
    removePin(path)
    link.detach()
  } catch (error) {
    // Whoever attached it has detached it meanwhile.
    if (!(error instanceof PinError)) throw error
  }
}
