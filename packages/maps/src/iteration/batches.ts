import { MapOperationError, type RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import { allocateBatch, type Batch, nextCapacity } from './entry-buffers.js'
import { isUnsupported } from './unsupported.js'

/**
 * How often the kernel may say that a key went away while it read it (EINTR, before Linux 6.14) until we believe it.
 */
const MOST_INTERRUPTIONS = 1000

/**
 * All entries, by as few system calls as can be, or by `walk` where the kernel has no batches for this kind of map: it
 * has for hash tables and arrays since Linux 5.6, for the other kinds later.
 */
export function* readBatches(raw: RawMap, walk: (raw: RawMap) => Iterable<Batch>): Generator<Batch, void, undefined> {
  const token = new Uint8Array(Math.max(raw.keySize, 4))
  const count = new Uint32Array(1)
  let capacity = nextCapacity(raw, 0)
  let batch = allocateBatch(raw, capacity)
  let first = true
  let interruptions = 0
  for (;;) {
    count[0] = capacity
    const result = raw.lookupBatch(first, token, batch.keys, batch.values, count)
    if (result === -errno.ENOSPC) {
      capacity = growForBucket(raw, capacity)
      batch = allocateBatch(raw, capacity)
      continue
    }
    if (first && isUnsupported(result)) {
      yield* walk(raw)
      return
    }
    const isInterrupted = result === -errno.EINTR && ++interruptions <= MOST_INTERRUPTIONS
    if (result !== 0 && result !== -errno.ENOENT && !isInterrupted) throw mapOperationError(raw, 'read entries', result)
    batch.count = count[0]
    if (batch.count > 0) {
      // Only then did the kernel write the token.
      first = false
      yield batch
    }
    if (result === -errno.ENOENT) return
    const wanted = nextCapacity(raw, capacity)
    if (wanted > capacity) {
      capacity = wanted
      batch = allocateBatch(raw, capacity)
    }
  }
}

/** A hash table gives whole buckets; this is for one that holds more entries than were asked for. */
function growForBucket(raw: RawMap, capacity: number): number {
  // A bucket can't hold more than the map, but for the few spare entries of each CPU.
  if (capacity > 2 * raw.maxEntries) {
    throw new MapOperationError({
      code: 'ERR_MAP_CHANGED',
      map: raw.name,
      operation: 'read entries',
      errno: errno.ENOSPC,
      reason: `a bucket of the hash table holds more entries than the map's ${raw.maxEntries}`,
    })
  }
  return capacity * 2
}
