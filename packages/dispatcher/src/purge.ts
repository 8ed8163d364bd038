import { checkOptions } from '@millrace/core/internal'
import { reapVanished } from './abandoned.js'
import { change, dismantle } from './change.js'
import { locked } from './lock.js'
import { type PlaceOptions, placeOptions, resolvePlace } from './place.js'

/** Options of {@link purgeDispatcher}. */
export type PurgeDispatcherOptions = PlaceOptions

/**
 * Takes out what Millrace has left on an interface, and nobody answers for: the programs of processes that have ended, also of
 * slots with a name, and pins of dispatchers that are not in use any more. Programs of processes that live stay, and so do those
 * of others, such as libxdp.
 *
 * @throws ArgumentError, PinError, DispatcherVersionError, MissingCapabilityError
 * @throws AttachBusyError when a program is there that is no dispatcher
 * @kernel 5.10
 *
 * @example
 * ```ts
 * import { purgeDispatcher } from '@millrace/dispatcher'
 *
 * await purgeDispatcher('eth0')
 * ```
 */
export async function purgeDispatcher(iface: string | number, options: PurgeDispatcherOptions = {}): Promise<void> {
  checkOptions('options', options, placeOptions)
  const place = resolvePlace(iface, options)
  const changed = await locked(place, undefined, () => {
    reapVanished(place, () => true)
    return change(
      place,
      'auto',
      (members) => members,
      () => true,
    )
  })
  await dismantle(place, changed)
}
