import type { RawMap } from '@millrace/core'
import { mapOperationError } from '@millrace/core/internal'
import { allocateBatch, nextCapacity } from './entry-buffers.js'
import { isUnsupported } from './unsupported.js'

/** Writes zeroes to every index of an array, by batches where the kernel has them. */
export function writeZeroes(raw: RawMap): void {
  const capacity = nextCapacity(raw, nextCapacity(raw, 0))
  const { keys, values } = allocateBatch(raw, capacity)
  const indexes = new Uint32Array(keys.buffer)
  const count = new Uint32Array(1)
  for (let start = 0; start < raw.maxEntries; start += capacity) {
    const length = Math.min(capacity, raw.maxEntries - start)
    for (let i = 0; i < length; i++) indexes[i] = start + i
    count[0] = length
    let result = raw.updateBatch(keys, values, count)
    if (isUnsupported(result)) result = updateSingly(raw, keys, values, length)
    if (result !== 0) throw mapOperationError(raw, 'clear', result)
  }
}

function updateSingly(raw: RawMap, keys: Uint8Array, values: Uint8Array, length: number): number {
  for (let i = 0; i < length; i++) {
    const result = raw.update(keys.subarray(4 * i), values)
    if (result !== 0) return result
  }
  return 0
}
