/**
 * What the packages of Millrace share beneath their public interfaces. Not for applications: it changes without notice.
 *
 * @packageDocumentation
 */
export * from './binding.js'
export type { CapabilityNeeds } from './capabilities.js'
export {
  checkBoolean,
  checkBytes,
  checkInteger,
  checkOneOf,
  checkOptions,
  checkSignal,
  checkString,
  unknownName,
} from './check.js'
export { describeProgram, identityOf } from './describe-program.js'
export { errno, errnoName, errnoText } from './errno.js'
export { brand } from './errors/brand.js'
export { explain } from './explain.js'
export { type AttachmentAbility, attachmentSince } from './features/attachments.js'
export { errnoOf, folderError, nearestExisting, notAFolder, statusOf } from './folder-error.js'
export { findHolders, type Holders } from './holders.js'
export { type Interface, interfaceExists, listInterfaces, resolveInterface } from './interface.js'
export { isAtLeast, runningKernel } from './kernel-version.js'
export { linkTypes } from './link-type.js'
export { loadAgain } from './load/load-again.js'
export type { LoadAgainOptions } from './load/load-again-options.js'
export { mapDifferences, mapLayoutDifferences, type WantedMap } from './load/map-difference.js'
export { type ObjectOrigin, originOf, type ProgramOrigin } from './load/origin.js'
export { ProgramInstance } from './load/program-instance.js'
export { mapOperationError } from './map-errors.js'
export { mapTypes } from './map-type.js'
export { mapMemory } from './memory.js'
export { needsToEnter, resolveNetns, unknownNetns } from './netns.js'
export { isOnBpffs, notOnBpffs } from './pin.js'
export { programTypes } from './program-type.js'
export { checkMap } from './raw-map.js'
export { suggest } from './suggest.js'
