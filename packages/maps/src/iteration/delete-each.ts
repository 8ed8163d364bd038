import type { RawMap } from '@millrace/core'
import { deleteKeys } from './delete-keys.js'
import { readEntries } from './read-entries.js'

/**
 * Deletes all entries. Reading goes on while they are deleted: buckets are read one by one, and a kernel that goes from
 * key to key starts over at a key that is gone, which is where the entries are that are left.
 */
export function deleteEach(raw: RawMap): void {
  for (const { keys, count } of readEntries(raw, 'retry')) deleteKeys(raw, keys, count, 'clear')
}
