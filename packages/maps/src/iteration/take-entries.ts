import type { RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import { allocateBatch, type Batch, nextCapacity } from './entry-buffers.js'
import { walkKeysAlone } from './key-walk.js'
import { getAndDeleteUnsupported, isUnsupported } from './unsupported.js'

/**
 * Takes entries out of a hash table, each read and removed in one step, and gives them in batches. A batch is out of the map when it
 * is given: all of it has to be used.
 *
 * @param max - no more than these
 */
export function* takeEntries(raw: RawMap, max: number): Generator<Batch, void, undefined> {
  const token = new Uint8Array(Math.max(raw.keySize, 4))
  const count = new Uint32Array(1)
  let batch = allocateBatch(raw, 0)
  let wanted = nextCapacity(raw, 0)
  let first = true
  let taken = 0
  while (taken < max) {
    const capacity = Math.min(wanted, max - taken)
    if (roomOf(raw, batch) < capacity) batch = allocateBatch(raw, capacity)
    count[0] = capacity
    const result = raw.lookupAndDeleteBatch(first, token, batch.keys, batch.values, count)
    if (result === -errno.ENOSPC && capacity < max - taken && capacity <= 2 * raw.maxEntries) {
      // It is all of a bucket or none, and the next one holds more.
      wanted = 2 * capacity
      continue
    }
    if (result === -errno.ENOSPC || (first && isUnsupported(result))) {
      yield* takeSingly(raw, max - taken)
      return
    }
    if (result !== 0 && result !== -errno.ENOENT) throw mapOperationError(raw, 'drain', result)
    batch.count = count[0]
    if (batch.count > 0) {
      // Only then did the kernel write the token.
      first = false
      taken += batch.count
      yield batch
    }
    if (result === -errno.ENOENT) return
    wanted = Math.max(wanted, nextCapacity(raw, wanted))
  }
}

function roomOf(raw: RawMap, { keys }: Batch): number {
  return keys.length / raw.keySize
}

/** One by one, where the kernel has no batches, or a bucket has more entries than are wanted. */
function* takeSingly(raw: RawMap, max: number): Generator<Batch, void, undefined> {
  const values = new Uint8Array(raw.valueBufferSize)
  let taken = 0
  for (const keys of walkKeysAlone(raw)) {
    if (taken === max) return
    const result = raw.lookupAndDelete(keys, values)
    if (result === -errno.ENOENT) continue
    if (isUnsupported(result)) throw getAndDeleteUnsupported(raw, 'drain')
    if (result !== 0) throw mapOperationError(raw, 'drain', result)
    taken++
    yield { keys, values, count: 1 }
  }
}
