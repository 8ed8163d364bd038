import type { RawMap } from '@millrace/core'
import { readBatches } from './batches.js'
import type { Batch } from './entry-buffers.js'
import type { ConcurrentChange } from './iteration-options.js'
import { walkKeys } from './key-walk.js'
import { withoutRepeats } from './without-repeats.js'

/**
 * All entries of a map, each once.
 *
 * Batches of a hash table are whole buckets, each read under its lock, and an array is read by index: neither can give
 * an entry twice, whatever happens to the map meanwhile. Where the kernel goes from key to key, it can.
 */
export function readEntries(raw: RawMap, policy: ConcurrentChange): IterableIterator<Batch> {
  const once = (batches: Iterable<Batch>) => withoutRepeats(raw, batches, policy)
  switch (raw.type) {
    case 'array':
    case 'percpu_array':
    case 'prog_array':
      return readBatches(raw, walkKeys)
    case 'lpm_trie':
      return once(readBatches(raw, walkKeys))
    default:
      return readBatches(raw, (it) => once(walkKeys(it)))
  }
}
