export { attachCgroup } from './attach.js'
export type { AttachedCgroup } from './attached.js'
export { CgroupAttachment, type UpdateCgroupOptions } from './attachment.js'
export type {
  CgroupHook,
  CgroupHookOf,
  CgroupProgramType,
  CgroupSection,
  ForHook,
  HookedCgroupProgram,
} from './hooks.js'
export type { CgroupMode } from './mode.js'
export type { AttachCgroupOptions, CgroupPlacement } from './options.js'
export type { CgroupAnchor, CgroupOrder } from './order.js'
export { type CgroupState, type QueryCgroupOptions, queryCgroup } from './query.js'
export { cgroupRoot } from './root.js'
