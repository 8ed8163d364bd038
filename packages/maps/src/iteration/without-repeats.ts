import { MapOperationError, type RawMap } from '@millrace/core'
import type { Batch } from './entry-buffers.js'
import type { ConcurrentChange } from './iteration-options.js'

/** In fillings of the map; so many entries have to be read again before an iteration gives up. */
const MOST_FILLINGS = 4

/**
 * Leaves out entries that were given before: where the kernel goes from key to key, it starts over when the key that it
 * stands on was deleted meanwhile. Each batch is packed in place.
 */
export function* withoutRepeats(
  raw: RawMap,
  batches: Iterable<Batch>,
  policy: ConcurrentChange,
): Generator<Batch, void, undefined> {
  const seen = new Set<string>()
  let read = 0
  for (const batch of batches) {
    read += batch.count
    const given = batch.count
    keepNew(raw, batch, seen)
    const repeated = batch.count < given
    if (batch.count > 0) yield batch
    if (repeated && policy === 'partial') return
    if (repeated && policy === 'throw') throw changed(raw, 'the map changed while it was read')
    if (read > MOST_FILLINGS * raw.maxEntries + given) {
      throw changed(raw, `the map changed faster than it could be read, ${read} entries so far`)
    }
  }
}

function keepNew(raw: RawMap, batch: Batch, seen: Set<string>): void {
  const { keySize, valueBufferSize } = raw
  const keys = Buffer.from(batch.keys.buffer)
  let kept = 0
  for (let i = 0; i < batch.count; i++) {
    const key = keys.toString('latin1', i * keySize, (i + 1) * keySize)
    if (seen.has(key)) continue
    seen.add(key)
    if (kept < i) {
      batch.keys.copyWithin(kept * keySize, i * keySize, (i + 1) * keySize)
      batch.values.copyWithin(kept * valueBufferSize, i * valueBufferSize, (i + 1) * valueBufferSize)
    }
    kept++
  }
  batch.count = kept
}

function changed(raw: RawMap, reason: string): MapOperationError {
  return new MapOperationError({ code: 'ERR_MAP_CHANGED', map: raw.name, operation: 'read entries', errno: 0, reason })
}
