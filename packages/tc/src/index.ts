/**
 * tc: attach, order, adopt and query programs on TCX, clsact and netkit.
 *
 * @packageDocumentation
 */
export { TcAction, type TcActionName, TcxAction, tcActionName } from './action.js'
export { adoptTc } from './adopt.js'
export type { AdoptOrder, AdoptTcOptions } from './adopt-request.js'
export { attachTc } from './attach.js'
export { type AttachNetkitOptions, attachNetkit, type QueryNetkitOptions, queryNetkit } from './attach-netkit.js'
export type { AttachedTc } from './attached.js'
export { TcAttachment, type UpdateTcOptions } from './attachment.js'
export { NoPriorityError, QdiscBusyError } from './errors/index.js'
export type { NetkitEndpoint, TcDirection } from './hook.js'
export type { TcFilter, TcMechanism } from './mechanism.js'
export type { Anchor, AttachTcOptions, Order } from './options.js'
export { type PurgeTcOptions, purgeTc } from './purge.js'
export type { PurgedTc } from './purged.js'
export { type QueryTcOptions, queryTc, type TcState } from './query.js'
