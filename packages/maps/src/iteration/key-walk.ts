import type { RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import { allocateBatch, type Batch } from './entry-buffers.js'

/** All entries, one by one: two system calls each. An entry that goes away between the two is left out. */
export function* walkKeys(raw: RawMap): Generator<Batch, void, undefined> {
  const batch = allocateBatch(raw, 1)
  batch.count = 1
  let key: Uint8Array | null = null
  for (;;) {
    const next: number = raw.nextKey(key, batch.keys)
    if (next === -errno.ENOENT) return
    if (next < 0) throw mapOperationError(raw, 'read entries', next)
    // A place of its own: whoever reads the batch may change it.
    key ??= new Uint8Array(raw.keySize)
    key.set(batch.keys)
    const found = raw.lookup(key, batch.values)
    if (found === 0) yield batch
    else if (found !== -errno.ENOENT) throw mapOperationError(raw, 'read entries', found)
  }
}
