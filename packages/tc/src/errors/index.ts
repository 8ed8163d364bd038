export { AnchorGoneError, RevisionMismatchError } from '@millrace/core'
