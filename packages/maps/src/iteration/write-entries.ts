import type { Codec, RawMap } from '@millrace/core'
import { mapOperationError } from '@millrace/core/internal'
import { rejectArgument } from '../maps/arguments.js'
import { allocateBatch, type Batch, mostEntries } from './entry-buffers.js'
import { isUnsupported } from './unsupported.js'

interface Codecs<K, V> {
  readonly key: Codec<K>
  readonly value: Codec<V>
}

/** Writes entries, a batch at a time: no more of them are in memory at once. */
export function writeEntries<K, V>(
  raw: RawMap,
  { key, value }: Codecs<K, V>,
  entries: Iterable<readonly [K, V]>,
): void {
  const capacity = Math.max(Math.min(mostEntries(raw), lengthOf(entries)), 1)
  const batch = allocateBatch(raw, capacity)
  const keys = new DataView(batch.keys.buffer)
  const values = new DataView(batch.values.buffer)
  let written = 0
  for (const entry of entries) {
    const place = batch.count
    try {
      key.encode(entry[0], keys, place * raw.keySize)
      value.encode(entry[1], values, place * raw.valueBufferSize)
    } catch (error) {
      rejectArgument(error, `entries[${written + place}]`, entry)
    }
    if (++batch.count < capacity) continue
    write(raw, batch, written)
    written += capacity
    batch.count = 0
  }
  if (batch.count > 0) write(raw, batch, written)
}

/** Of what does not say how long it is: as long as can be. */
function lengthOf(entries: Iterable<unknown> & { readonly length?: unknown; readonly size?: unknown }): number {
  const length = entries.length ?? entries.size
  return typeof length === 'number' ? length : Number.POSITIVE_INFINITY
}

/** @param before - how many entries were written in earlier batches */
function write(raw: RawMap, batch: Batch, before: number): void {
  const count = new Uint32Array([batch.count])
  const result = raw.updateBatch(batch.keys, batch.values, count)
  if (result === 0) return
  const [done = 0] = count
  // Where the kernel knows no batches for this kind of map, it leaves the count as it was.
  if (isUnsupported(result) && done === batch.count) writeSingly(raw, batch, before)
  else throw mapOperationError(raw, `set entries[${before + done}]`, result)
}

function writeSingly(raw: RawMap, { keys, values, count }: Batch, before: number): void {
  const { keySize, valueBufferSize } = raw
  for (let i = 0; i < count; i++) {
    const result = raw.update(keys.subarray(i * keySize), values.subarray(i * valueBufferSize))
    if (result !== 0) throw mapOperationError(raw, `set entries[${before + i}]`, result)
  }
}
