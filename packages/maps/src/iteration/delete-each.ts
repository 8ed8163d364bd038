import type { RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import type { Batch } from './entry-buffers.js'
import { readEntries } from './read-entries.js'
import { isUnsupported } from './unsupported.js'

/**
 * Deletes all entries. Reading goes on while they are deleted: buckets are read one by one, and a kernel that goes from
 * key to key starts over at a key that is gone, which is where the entries are that are left.
 */
export function deleteEach(raw: RawMap): void {
  const count = new Uint32Array(1)
  for (const batch of readEntries(raw, 'retry')) {
    if (!deleteBatch(raw, batch, count)) deleteSingly(raw, batch)
  }
}

/** False where the kernel has no batches for this kind of map. */
function deleteBatch(raw: RawMap, { keys, count: total }: Batch, count: Uint32Array): boolean {
  let done = 0
  while (done < total) {
    count[0] = total - done
    const result = raw.deleteBatch(keys.subarray(done * raw.keySize), count)
    if (result === 0) return true
    if (result !== -errno.ENOENT) {
      if (isUnsupported(result)) return false
      throw mapOperationError(raw, 'clear', result)
    }
    // It stops at a key that somebody else deleted.
    done += (count[0] ?? 0) + 1
  }
  return true
}

function deleteSingly(raw: RawMap, { keys, count }: Batch): void {
  for (let i = 0; i < count; i++) {
    const result = raw.delete(keys.subarray(i * raw.keySize, (i + 1) * raw.keySize))
    if (result !== 0 && result !== -errno.ENOENT) throw mapOperationError(raw, 'clear', result)
  }
}
