import type { Codec, RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import { rejectArgument } from '../maps/arguments.js'
import { mostEntries } from './entry-buffers.js'
import { isUnsupported } from './unsupported.js'

/** Deletes keys, a batch at a time; returns how many of them were there. */
export function deleteEncoded<K>(raw: RawMap, codec: Codec<K>, keys: Iterable<K>): number {
  const capacity = mostEntries(raw)
  const bytes = new Uint8Array(capacity * raw.keySize)
  const view = new DataView(bytes.buffer)
  let count = 0
  let before = 0
  let deleted = 0
  for (const key of keys) {
    try {
      codec.encode(key, view, count * raw.keySize)
    } catch (error) {
      rejectArgument(error, `keys[${before + count}]`, key)
    }
    if (++count < capacity) continue
    deleted += deleteKeys(raw, bytes, count, 'delete')
    before += count
    count = 0
  }
  return deleted + deleteKeys(raw, bytes, count, 'delete')
}

/** Deletes the first `total` keys of a buffer; returns how many of them were there. */
export function deleteKeys(raw: RawMap, keys: Uint8Array, total: number, operation: string): number {
  const count = new Uint32Array(1)
  let deleted = 0
  for (let at = 0; at < total; ) {
    const wanted = total - at
    count[0] = wanted
    const result = raw.deleteBatch(keys.subarray(at * raw.keySize), count)
    const [done = 0] = count
    if (result === 0) return deleted + wanted
    // Where the kernel knows no batches for this kind of map, it leaves the count as it was.
    if (isUnsupported(result) && done === wanted) return deleted + deleteSingly(raw, keys, at, total, operation)
    if (result !== -errno.ENOENT) throw mapOperationError(raw, operation, result)
    // It stops at a key that is not there.
    deleted += done
    at += done + 1
  }
  return deleted
}

function deleteSingly(raw: RawMap, keys: Uint8Array, first: number, total: number, operation: string): number {
  let deleted = 0
  for (let i = first; i < total; i++) {
    const result = raw.delete(keys.subarray(i * raw.keySize, (i + 1) * raw.keySize))
    if (result === 0) deleted++
    else if (result !== -errno.ENOENT) throw mapOperationError(raw, operation, result)
  }
  return deleted
}
