import type { RawMap } from '@millrace/core'

/** Entries as bytes: `count` keys one behind the other, and as many values. Behind them is what was there before. */
export interface RawEntries {
  /** `raw.keySize` bytes each */
  readonly keys: Uint8Array
  /** `raw.valueBufferSize` bytes each: in per-CPU maps the values of all CPUs, each beginning at a multiple of 8 */
  readonly values: Uint8Array
  readonly count: number
}

/** As the kernel fills it; to be read before the next one is asked for. */
export interface Batch extends RawEntries {
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

/** How many entries go into one system call. */
export function mostEntries(raw: RawMap): number {
  const fitting = Math.floor(MOST_BYTES / (raw.keySize + raw.valueBufferSize))
  return Math.min(raw.maxEntries, MOST_ENTRIES, Math.max(fitting, 1))
}

/** How many entries to ask for after batches of `capacity`; of none, at first. */
export function nextCapacity(raw: RawMap, capacity: number): number {
  return Math.min(mostEntries(raw), capacity === 0 ? FIRST_ENTRIES : capacity * 8)
}
