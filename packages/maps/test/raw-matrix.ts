import assert from 'node:assert/strict'
import { type MapType, RawMap } from '@millrace/core'
import { errno, isAtLeast } from '@millrace/core/internal'
import { Guarded, pattern } from './guarded.js'

/** One map of the matrix; sizes in bytes. */
export interface Shape {
  readonly type: MapType
  readonly keySize: number
  readonly valueSize: number
}

export const hashTypes = ['hash', 'lru_hash', 'percpu_hash', 'lru_percpu_hash'] as const
export const arrayTypes = ['array', 'percpu_array'] as const
export const sizes = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1000, 4095, 4096]

const ENTRIES = 5
const FILL = 0x11

/** Since which version of Linux a kind of maps has an operation. */
const batchesSince: Partial<Record<MapType, string>> = { percpu_array: '5.13', lpm_trie: '5.13' }
const takeSince = '5.14'

/** Every operation on a map with keys, with buffers of exactly the size that it takes, and of one byte less. */
export function exerciseKeyed(shape: Shape): void {
  using map = makeMap(shape)
  const run = new KeyedRun(map)
  run.writesAndReads()
  run.refusesShortBuffers()
  run.walksKeys()
  run.readsBatches()
  if (!map.type.endsWith('array')) run.takesOut()
}

/** Maps of descriptors: what is too short is refused, what is not there is not written, and what is there is 4 or 8 bytes. */
export function exerciseDescriptors(shape: Shape, innerMap?: RawMap): void {
  const maxEntries = 8
  using map = RawMap.create({ ...shape, name: 'matrix', maxEntries, innerMap })
  const run = new KeyedRun(map)
  run.refusesShortBuffers()
  const key = new Guarded('key', map.keySize)
  const next = new Guarded('next key', map.keySize)
  const value = new Guarded('value', map.valueBufferSize)
  for (const operation of [
    () => map.lookup(key.bytes, value.bytes),
    () => map.lookupAndDelete(key.bytes, value.bytes),
    () => map.delete(key.bytes),
    () => map.nextKey(null, next.bytes),
    () => map.nextKey(key.bytes, next.bytes),
  ]) {
    operation()
    for (const buffer of [key, next, value]) buffer.check()
  }
}

/** Queues, stacks and bloom filters. */
export function exerciseKeyless(type: 'queue' | 'stack' | 'bloom_filter', valueSize: number): void {
  if (type === 'bloom_filter' && !isAtLeast('5.16')) return
  using map = makeMap({ type, keySize: 0, valueSize })
  const value = new Guarded('value', valueSize)
  const short = new Guarded('short value', valueSize - 1)
  value.bytes.set(pattern(valueSize, 0))
  assert.equal(map.update(null, value.bytes), 0)
  assert.equal(map.update(null, short.bytes), -errno.EINVAL)
  if (type === 'bloom_filter') {
    assert.equal(map.lookup(null, value.bytes), 0)
    assert.equal(map.lookup(null, short.bytes), -errno.EINVAL)
    return
  }
  for (const read of [() => map.lookup(null, value.bytes), () => map.lookupAndDelete(null, value.bytes)]) {
    value.bytes.fill(FILL)
    assert.equal(read(), 0)
    assert.deepEqual(value.bytes, pattern(valueSize, 0))
    value.check()
  }
  short.bytes.fill(FILL)
  assert.equal(map.lookup(null, short.bytes), -errno.EINVAL)
  assert.equal(map.lookupAndDelete(null, short.bytes), -errno.EINVAL)
  short.checkUntouched(FILL)
}

function makeMap({ type, keySize, valueSize }: Shape): RawMap {
  // A table that evicts needs room not to.
  const maxEntries = type.startsWith('lru') ? 1024 : type.endsWith('array') ? ENTRIES : 8
  return RawMap.create({ type, name: 'matrix', keySize, valueSize, maxEntries, flags: type === 'lpm_trie' ? 1 : 0 })
}

class KeyedRun {
  readonly #map: RawMap
  readonly #keySize: number
  readonly #valueSize: number

  constructor(map: RawMap) {
    this.#map = map
    this.#keySize = map.keySize
    this.#valueSize = map.valueBufferSize
  }

  writesAndReads(): void {
    const key = new Guarded('key', this.#keySize)
    const value = new Guarded('value', this.#valueSize)
    for (let i = 0; i < ENTRIES; i++) {
      key.bytes.set(this.#key(i))
      value.bytes.set(this.#value(i))
      assert.equal(this.#map.update(key.bytes, value.bytes), 0)
    }
    for (let i = 0; i < ENTRIES; i++) {
      key.bytes.set(this.#key(i))
      value.bytes.fill(FILL)
      assert.equal(this.#map.lookup(key.bytes, value.bytes), 0)
      this.#assertValue(value.bytes, i)
    }
    key.check()
    value.check()
    this.#throughEntryBuffer()
  }

  refusesShortBuffers(): void {
    const { EINVAL } = errno
    const key = new Guarded('key', this.#keySize)
    const value = new Guarded('value', this.#valueSize)
    const shortKey = new Guarded('short key', this.#keySize - 1)
    const shortValue = new Guarded('short value', this.#valueSize - 1)
    key.bytes.set(this.#key(0))
    for (const buffer of [shortKey, shortValue, value]) buffer.bytes.fill(FILL)
    assert.equal(this.#map.update(key.bytes, shortValue.bytes), -EINVAL)
    assert.equal(this.#map.update(shortKey.bytes, value.bytes), -EINVAL)
    assert.equal(this.#map.lookup(key.bytes, shortValue.bytes), -EINVAL)
    assert.equal(this.#map.lookup(shortKey.bytes, value.bytes), -EINVAL)
    assert.equal(this.#map.lookupAndDelete(key.bytes, shortValue.bytes), -EINVAL)
    assert.equal(this.#map.delete(shortKey.bytes), -EINVAL)
    assert.equal(this.#map.nextKey(null, shortKey.bytes), -EINVAL)
    assert.equal(this.#map.nextKey(shortKey.bytes, key.bytes), -EINVAL)
    const count = Uint32Array.of(1)
    const token = new Guarded('token', Math.max(this.#keySize, 4))
    const shortToken = new Guarded('short token', token.bytes.length - 1)
    for (const read of [this.#map.lookupBatch, this.#map.lookupAndDeleteBatch]) {
      assert.equal(read.call(this.#map, true, token.bytes, key.bytes, shortValue.bytes, count), -EINVAL)
      assert.equal(read.call(this.#map, true, token.bytes, shortKey.bytes, value.bytes, count), -EINVAL)
      assert.equal(read.call(this.#map, true, shortToken.bytes, key.bytes, value.bytes, count), -EINVAL)
      assert.equal(read.call(this.#map, true, token.bytes, key.bytes, value.bytes, Uint32Array.of(2)), -EINVAL)
    }
    assert.equal(this.#map.updateBatch(key.bytes, shortValue.bytes, count), -EINVAL)
    assert.equal(this.#map.updateBatch(shortKey.bytes, value.bytes, count), -EINVAL)
    assert.equal(this.#map.updateBatch(key.bytes, value.bytes, Uint32Array.of(2)), -EINVAL)
    assert.equal(this.#map.deleteBatch(shortKey.bytes, count), -EINVAL)
    assert.equal(this.#map.deleteBatch(key.bytes, Uint32Array.of(2)), -EINVAL)
    for (const buffer of [shortKey, shortValue, value]) buffer.checkUntouched(FILL)
    for (const buffer of [key, token, shortToken]) buffer.check()
    assert.deepEqual(key.bytes, this.#key(0))
  }

  walksKeys(): void {
    const key = new Guarded('key', this.#keySize)
    const next = new Guarded('next key', this.#keySize)
    const found = new Set<string>()
    for (let at: Uint8Array | null = null; this.#map.nextKey(at, next.bytes) === 0; at = key.bytes) {
      key.bytes.set(next.bytes)
      found.add(hex(next.bytes))
      assert.ok(found.size <= ENTRIES)
    }
    assert.deepEqual(found, this.#keys())
    key.check()
    next.check()
  }

  readsBatches(): void {
    const keys = new Guarded('keys', ENTRIES * this.#keySize)
    const values = new Guarded('values', ENTRIES * this.#valueSize)
    const { count, result } = this.#readAll(keys, values, this.#map.lookupBatch)
    if (!this.#hasBatches(result)) return
    assert.equal(count, ENTRIES)
    for (let i = 0; i < ENTRIES; i++) this.#assertEntry(keys.bytes, values.bytes, i)
    const written = Uint32Array.of(ENTRIES)
    // The same entries, in the order that they came in.
    assert.equal(this.#map.updateBatch(keys.bytes, values.bytes, written), 0)
    assert.equal(written[0], ENTRIES)
    keys.check()
    values.check()
  }

  takesOut(): void {
    const key = new Guarded('key', this.#keySize)
    const value = new Guarded('value', this.#valueSize)
    key.bytes.set(this.#key(0))
    if (this.#map.type !== 'lpm_trie') {
      value.bytes.fill(FILL)
      const result = this.#map.lookupAndDelete(key.bytes, value.bytes)
      if (result === 0) this.#assertValue(value.bytes, 0)
      else assert.ok(!isAtLeast(takeSince), `lookupAndDelete: ${result}`)
    }
    value.bytes.set(this.#value(0))
    assert.equal(this.#map.update(key.bytes, value.bytes), 0)
    assert.equal(this.#map.delete(key.bytes), 0)
    assert.equal(this.#map.delete(key.bytes), -errno.ENOENT)
    assert.equal(this.#map.lookup(key.bytes, value.bytes), -errno.ENOENT)
    assert.equal(this.#map.update(key.bytes, value.bytes), 0)
    this.#takesOutBatches()
    key.check()
    value.check()
  }

  #takesOutBatches(): void {
    const keys = new Guarded('keys', 2 * this.#keySize)
    for (const i of [0, 1]) keys.bytes.set(this.#key(i), i * this.#keySize)
    const count = Uint32Array.of(2)
    const result = this.#map.deleteBatch(keys.bytes, count)
    if (!this.#hasBatches(result)) return
    assert.deepEqual([result, count[0]], [0, 2])
    if (this.#map.type === 'lpm_trie') return
    const rest = new Guarded('rest of the keys', ENTRIES * this.#keySize)
    const values = new Guarded('rest of the values', ENTRIES * this.#valueSize)
    const taken = this.#readAll(rest, values, this.#map.lookupAndDeleteBatch)
    assert.equal(taken.count, ENTRIES - 2)
    for (let i = 0; i < taken.count; i++) this.#assertEntry(rest.bytes, values.bytes, i)
    assert.equal(this.#map.nextKey(null, rest.bytes), -errno.ENOENT)
    for (const buffer of [keys, rest, values]) buffer.check()
  }

  /** As much as there is room for, in as many calls as it takes, each with buffers that end where the room ends. */
  #readAll(keys: Guarded, values: Guarded, read: RawMap['lookupBatch']): { count: number; result: number } {
    const token = new Guarded('token', Math.max(this.#keySize, 4))
    const count = new Uint32Array(1)
    let done = 0
    let result = 0
    while (result === 0 && done < ENTRIES) {
      count[0] = ENTRIES - done
      const at = [keys.bytes.subarray(done * this.#keySize), values.bytes.subarray(done * this.#valueSize)] as const
      result = read.call(this.#map, done === 0, token.bytes, ...at, count)
      if (result === 0 || result === -errno.ENOENT) done += count[0]
    }
    token.check()
    keys.check()
    values.check()
    return { count: done, result }
  }

  #throughEntryBuffer(): void {
    const buffer = new Uint8Array(this.#map.entryBuffer())
    const valueAt = Math.ceil(this.#keySize / 8) * 8
    assert.equal(buffer.length, valueAt + this.#valueSize)
    buffer.set(this.#key(1))
    buffer.set(this.#value(3), valueAt)
    assert.equal(this.#map.updateEntry(), 0)
    buffer.fill(FILL, valueAt)
    assert.equal(this.#map.lookupEntry(), 0)
    this.#assertValue(buffer.subarray(valueAt), 3)
    buffer.set(this.#value(1), valueAt)
    assert.equal(this.#map.updateEntry(), 0)
    assert.deepEqual(buffer.slice(0, this.#keySize), this.#key(1))
  }

  #hasBatches(result: number): boolean {
    const since = batchesSince[this.#map.type]
    const isThere = result === 0 || result === -errno.ENOENT
    if (!isThere) assert.ok(since !== undefined && !isAtLeast(since), `batches of ${this.#map.type}: ${result}`)
    return isThere
  }

  #key(i: number): Uint8Array {
    const { type } = this.#map
    if (type.endsWith('array')) return new Uint8Array(Uint32Array.of(i).buffer)
    const key = pattern(this.#keySize, i)
    if (type === 'lpm_trie') new DataView(key.buffer).setUint32(0, 8 * (this.#keySize - 4), true)
    return key
  }

  /** Each CPU's value takes a multiple of 8 bytes, of which the kernel keeps as many as the value has. */
  #value(i: number): Uint8Array {
    const value = pattern(this.#valueSize, i)
    const stride = Math.ceil(this.#map.valueSize / 8) * 8
    if (this.#valueSize === this.#map.valueSize) return value
    for (let at = 0; at < value.length; at += stride) value.fill(0, at + this.#map.valueSize, at + stride)
    return value
  }

  #keys(): Set<string> {
    return new Set(Array.from({ length: ENTRIES }, (_, i) => hex(this.#key(i))))
  }

  #assertValue(found: Uint8Array, i: number): void {
    assert.equal(hex(found), hex(this.#value(i)))
  }

  #assertEntry(keys: Uint8Array, values: Uint8Array, at: number): void {
    const key = hex(keys.subarray(at * this.#keySize, (at + 1) * this.#keySize))
    const i = [...this.#keys()].indexOf(key)
    assert.ok(i >= 0, `key ${key} was never written`)
    this.#assertValue(values.subarray(at * this.#valueSize, (at + 1) * this.#valueSize), i)
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
