import type { RawMap } from '@millrace/core'

/**
 * Entries as bytes: `count` keys one behind the other, and as many values. Read it before the next one is asked for.
 */
export interface Batch {
  readonly keys: Uint8Array
  readonly values: Uint8Array
  count: number
}

/** Enough that the system call's own cost no longer shows, few enough that they stay in the processor's cache. */
const MOST_ENTRIES = 4096
const MOST_BYTES = 256 * 1024
/** An iteration that is left after its first entry has read no more than these. */
const FIRST_ENTRIES = 128

/** Room for so many entries. */
export function allocateBatch(raw: RawMap, capacity: number): Batch {
  return {
    keys: new Uint8Array(capacity * raw.keySize),
    values: new Uint8Array(capacity * raw.valueBufferSize),
    count: 0,
  }
}

/** How many entries to ask for after batches of `capacity`; of none, at first. */
export function nextCapacity(raw: RawMap, capacity: number): number {
  const fitting = Math.floor(MOST_BYTES / (raw.keySize + raw.valueBufferSize))
  const most = Math.min(raw.maxEntries, MOST_ENTRIES, Math.max(fitting, 1))
  return Math.min(most, capacity === 0 ? FIRST_ENTRIES : capacity * 8)
}
