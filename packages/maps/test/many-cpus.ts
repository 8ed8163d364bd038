// A process of its own, that takes the system for one with more possible CPUs than it has: the kernel then fills a part of each
// buffer, and all buffers must be large enough for the whole. Prints how many CPUs it saw.
import assert from 'node:assert/strict'
import { RawMap } from '@millrace/core'
import { errno, nativeBinding } from '@millrace/core/internal'
import { bytes, PerCpuArrayMap, PerCpuHashMap, u32 } from '../src/index.js'
import { Guarded, pattern } from './guarded.js'

const FILL = 0x11
const cpus = nativeBinding().possibleCpus()

for (const type of ['percpu_hash', 'lru_percpu_hash', 'percpu_array'] as const) {
  for (const valueSize of [1, 7, 8, 9, 63, 65, 1000, 4095, 4096]) exercise(type, valueSize)
}
console.log(cpus)

function exercise(type: 'percpu_hash' | 'lru_percpu_hash' | 'percpu_array', valueSize: number): void {
  const stride = Math.ceil(valueSize / 8) * 8
  using map = RawMap.create({ type, name: 'cpus', keySize: 4, valueSize, maxEntries: 512 })
  assert.equal(map.valueBufferSize, stride * cpus)
  assert.equal(map.entryBuffer().byteLength, 8 + stride * cpus)
  const key = new Guarded('key', 4)
  const value = new Guarded('value', stride * cpus)
  const short = new Guarded('short value', stride * cpus - 1)
  value.bytes.set(pattern(value.bytes.length, 1))
  assert.equal(map.update(key.bytes, value.bytes), 0)
  assert.equal(map.update(key.bytes, short.bytes), -errno.EINVAL)
  value.bytes.fill(FILL)
  assert.equal(map.lookup(key.bytes, value.bytes), 0)
  // The CPUs that there are come first.
  assert.deepEqual(value.bytes.subarray(0, valueSize), pattern(valueSize, 1))
  short.bytes.fill(FILL)
  assert.equal(map.lookup(key.bytes, short.bytes), -errno.EINVAL)
  const token = new Guarded('token', 4)
  const count = Uint32Array.of(1)
  assert.equal(map.lookupBatch(true, token.bytes, key.bytes, short.bytes, count), -errno.EINVAL)
  short.checkUntouched(FILL)
  const batch = map.lookupBatch(true, token.bytes, key.bytes, value.bytes, count)
  assert.ok(batch === 0 || batch === -errno.ENOENT)
  for (const buffer of [key, value, token]) buffer.check()
  map.entryBuffer()
  assert.equal(map.lookupEntry(), 0)
}

const options = { name: 'cpus', value: bytes(9), maxEntries: 4 }
using array = PerCpuArrayMap.create(options)
using hash = PerCpuHashMap.create({ ...options, key: u32 })
const values = Array.from({ length: cpus }, (_, cpu) => pattern(9, cpu))
for (const map of [array, hash]) {
  map.set(1, values)
  assert.equal(map.get(1)?.length, cpus)
  assert.deepEqual(map.get(1)?.[0], values[0])
  for (const [, found] of map) assert.equal(found.length, cpus)
  assert.throws(() => map.set(1, values.slice(1)), { code: 'ERR_ARGUMENT' })
}
