export { SkAction, type SkActionName, skActionName } from './action.js'
export { attachSockMap } from './attach.js'
export { SockMapAttachment, type UpdateSockMapOptions } from './attachment.js'
export type {
  ForSockMapHook,
  HookedSockMapProgram,
  SockMapHook,
  SockMapHookOf,
  SockMapProgram,
  SockMapProgramType,
} from './hooks.js'
export type { AttachSockMapOptions } from './options.js'
export type { SocketMap } from './place.js'
export { type AttachedSockMap, type QuerySockMapOptions, querySockMap } from './query.js'
export { type ConnectedSocket, type SocketKey, socketKey } from './socket-key.js'
