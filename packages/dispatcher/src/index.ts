/**
 * Several independent XDP programs on one interface, beside those of libxdp.
 *
 * @packageDocumentation
 */
export { DispatcherFullError, DispatcherVersionError, SlotGoneError } from './errors/index.js'
export type { SharedXdpMode } from './hook.js'
export { joinXdp } from './join.js'
export type { JoinXdpOptions, SlotOptions } from './options.js'
export type { PlaceOptions } from './place.js'
export { type PurgeDispatcherOptions, purgeDispatcher } from './purge.js'
export {
  type DispatcherState,
  type QueryDispatcherOptions,
  queryDispatcher,
  type SharedProgram,
} from './query.js'
export { type UpdateSlotOptions, XdpSlot } from './slot.js'
