/**
 * tc: attach, order, adopt and query programs on TCX, clsact and netkit.
 *
 * @packageDocumentation
 */
export { attachTc } from './attach.js'
export { type AttachNetkitOptions, attachNetkit, type QueryNetkitOptions, queryNetkit } from './attach-netkit.js'
export type { AttachedTc } from './attached.js'
export { TcAttachment, type UpdateTcOptions } from './attachment.js'
export type { NetkitEndpoint, TcDirection } from './hook.js'
export type { TcFilter, TcMechanism } from './mechanism.js'
export type { Anchor, AttachTcOptions, Order } from './options.js'
export { type QueryTcOptions, queryTc, type TcState } from './query.js'
