/**
 * XDP: attach, replace and query programs on network interfaces.
 *
 * @packageDocumentation
 */
export { XdpAction, type XdpActionName, xdpActionName } from './action.js'
export { attachXdp } from './attach.js'
export { type UpdateXdpOptions, XdpAttachment } from './attachment.js'
export { type XdpRefusal, XdpRefusedError } from './errors/index.js'
export type { XdpMechanism } from './mechanism.js'
export type { XdpMode } from './mode.js'
export type { AttachXdpOptions } from './options.js'
export { type AttachedXdp, type QueryXdpOptions, queryXdp } from './query.js'
