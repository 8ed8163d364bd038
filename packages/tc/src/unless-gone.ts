import { AnchorGoneError, InterfaceGoneError } from '@millrace/core'

/** What is to be looked at or removed may go by itself meanwhile; undefined: so it did. */
export function unlessGone<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof InterfaceGoneError || error instanceof AnchorGoneError) return undefined
    throw error
  }
}
