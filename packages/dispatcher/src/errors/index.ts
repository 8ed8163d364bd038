export { DispatcherFullError } from './dispatcher-full-error.js'
export { DispatcherVersionError } from './dispatcher-version-error.js'
export { SlotGoneError } from './slot-gone-error.js'
