export { AnchorGoneError } from './anchor-gone-error.js'
export { RevisionMismatchError } from './revision-mismatch-error.js'
