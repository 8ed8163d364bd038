import assert from 'node:assert/strict'
import type { Codec, RawMap } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import {
  ArrayMap,
  bytes,
  HashMap,
  HashOfMaps,
  LruHashMap,
  LruPerCpuHashMap,
  PerCpuArrayMap,
  PerCpuHashMap,
  Queue,
  Stack,
  u32,
} from '../src/index.js'
import { Guarded, pattern } from './guarded.js'

const ENTRIES = 20

/** What a map with keys has in common with others, here: bytes by bytes, or by numbers. */
interface Keyed<K, V> extends Disposable {
  set(key: K, value: V): unknown
  setAll(entries: Iterable<readonly [K, V]>): unknown
  get(key: K): V | undefined
  getInto(key: K, value: Uint8Array): boolean
  entries(): IterableIterator<[K, V]>
  entriesRaw(): Iterable<{ readonly keys: Uint8Array; readonly values: Uint8Array; readonly count: number }>
  readonly raw: RawMap
  delete?(key: K): boolean
  deleteAll?(keys: Iterable<K>): number
  drain?(max: number): [K, V][]
}

/** Hash tables of every kind, whose keys and values are bytes. */
export function exerciseHashes(keySize: number, valueSize: number): void {
  const codecs = { key: bytes(keySize), value: bytes(valueSize) }
  const small = { name: 'typed', ...codecs, maxEntries: ENTRIES }
  const large = { ...small, maxEntries: 1024 }
  const key = (i: number) => pattern(keySize, i)
  exerciseKeyed(HashMap.create(small), key, (i) => pattern(valueSize, i))
  exerciseKeyed(LruHashMap.create(large), key, (i) => pattern(valueSize, i))
  exerciseKeyed(PerCpuHashMap.create(small), key, (i) => perCpu(valueSize, i))
  exerciseKeyed(LruPerCpuHashMap.create(large), key, (i) => perCpu(valueSize, i))
}

export function exerciseArrays(valueSize: number): void {
  const options = { name: 'typed', value: bytes(valueSize), maxEntries: ENTRIES }
  const index = (i: number) => i
  exerciseKeyed(ArrayMap.create(options), index, (i) => pattern(valueSize, i))
  exerciseKeyed(PerCpuArrayMap.create(options), index, (i) => perCpu(valueSize, i))
}

export function exerciseLines(valueSize: number): void {
  const options = { name: 'typed', value: bytes(valueSize), maxEntries: ENTRIES }
  const values = Array.from({ length: ENTRIES }, (_, i) => pattern(valueSize, i))
  using queue = Queue.create(options)
  for (const value of values) queue.push(value)
  assert.deepEqual(queue.peek(), values[0])
  assert.deepEqual([...queue.drain()], values)
  using stack = Stack.create(options)
  for (const value of values) stack.push(value)
  assert.deepEqual(stack.pop(), values.at(-1))
  assert.deepEqual([...stack.drain()], values.slice(0, -1).reverse())
}

/** Maps of maps have values of 4 bytes, whatever their keys. */
export function exerciseHashOfMaps(keySize: number): void {
  const inner = ArrayMap.spec({ name: 'inner', value: u32, maxEntries: 1 })
  using outer = HashOfMaps.create({ name: 'outer', key: bytes(keySize) as Codec<Uint8Array>, maxEntries: 4, inner })
  using map = outer.createInner()
  const keys = [0, 1, 2].map((i) => pattern(keySize, i))
  outer.setAll(keys.map((key) => [key, map]))
  assert.deepEqual(sorted([...outer.ids()]), sorted(keys.map((key) => [key, map.id])))
  for (const key of keys) assert.equal(outer.idOf(key), map.id)
  outer.clear()
  assert.deepEqual([...outer.ids()], [])
}

function exerciseKeyed<K, V>(created: Keyed<K, V>, key: (i: number) => K, value: (i: number) => V): void {
  using map = created
  const entries = Array.from({ length: ENTRIES }, (_, i): [K, V] => [key(i), value(i)])
  for (const [key, value] of entries.slice(0, 5)) map.set(key, value)
  map.setAll(entries.slice(5))
  for (const [key, value] of entries) assert.deepEqual(map.get(key), value)
  assert.deepEqual(sorted([...map.entries()]), sorted(entries))
  exerciseBytes(map, entries)
  if (map.delete === undefined) return
  const [first, second, third, ...rest] = entries as [[K, V], [K, V], [K, V], ...[K, V][]]
  assert.equal(map.deleteAll?.([first[0], second[0]]), 2)
  map.setAll([second])
  assert.equal(map.delete(third[0]), true)
  assert.deepEqual(sorted([...map.entries()]), sorted([second, ...rest]))
  const taken = map.drain?.(3) ?? []
  assert.equal(taken.length, 3)
  assert.deepEqual(sorted([...map.entries(), ...taken]), sorted([second, ...rest]))
}

function exerciseBytes<K, V>(map: Keyed<K, V>, entries: [K, V][]): void {
  const { keySize, valueBufferSize } = map.raw
  const value = new Guarded('value', valueBufferSize)
  const short = new Guarded('short value', valueBufferSize - 1)
  for (const [key] of entries) {
    assert.equal(map.getInto(key, value.bytes), true)
    assert.throws(() => map.getInto(key, short.bytes), { code: 'ERR_ARGUMENT' })
  }
  value.check()
  short.check()
  let count = 0
  for (const batch of map.entriesRaw()) {
    assert.ok(batch.keys.length >= batch.count * keySize && batch.values.length >= batch.count * valueBufferSize)
    count += batch.count
  }
  assert.equal(count, entries.length)
}

/** Of each CPU another one. */
function perCpu(valueSize: number, seed: number): Uint8Array[] {
  return Array.from({ length: nativeBinding().possibleCpus() }, (_, cpu) => pattern(valueSize, seed + 50 * cpu))
}

function sorted<K, V>(entries: readonly (readonly [K, V])[]): string[] {
  const text = (part: unknown): string => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex')
    return Array.isArray(part) ? part.map(text).join(' ') : String(part)
  }
  return entries.map(([key, value]) => `${text(key)}: ${text(value)}`).sort()
}
