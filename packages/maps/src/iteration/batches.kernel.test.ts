import { setImmediate } from 'node:timers/promises'
import { ClosedError, RawMap } from '@millrace/core'
import { errno } from '@millrace/core/internal'
import { describe, expect, test } from 'vitest'
import { adding } from '../../test/adding.js'
import { collidingWords } from '../../test/colliding-words.js'
import { withCalls } from '../../test/older-kernel.js'
import {
  ArrayMap,
  HashMap,
  ipv4Prefix,
  LpmTrieMap,
  LruHashMap,
  LruPerCpuHashMap,
  PerCpuArrayMap,
  PerCpuHashMap,
  sum,
  u32,
  u64,
} from '../index.js'

const range = (count: number) => Array.from({ length: count }, (_, i) => i)
const byKey = <V>(entries: Iterable<readonly [number, V]>) => [...entries].sort(([a], [b]) => a - b)
const numbered = (count: number) => range(count).map((i): [number, bigint] => [i, BigInt(i) * 3n])
const codecs = { key: u32, value: u64 }
const host = (i: number) => ({ prefixLength: 32, address: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` })

describe('setAll', () => {
  test.each([0, 1, 4095, 4096, 4097, 20_000])('writes %i entries', (count) => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 20_000 })
    expect(map.setAll(numbered(count))).toBe(map)
    expect(byKey(map)).toEqual(numbered(count))
  })

  test('takes whatever gives entries, and replaces what is there', () => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 10_000 }).set(1, 7n)
    map.setAll(new Map(numbered(3)))
    map.setAll(
      (function* () {
        yield [3, 9n] as const
        yield [4, 12n] as const
      })(),
    )
    expect(byKey(map)).toEqual(numbered(5))
    using copy = HashMap.create({ name: 'copy', ...codecs, maxEntries: 10_000 }).setAll(map)
    expect(byKey(copy)).toEqual(numbered(5))
  })

  test.each([
    ['LruHashMap', () => LruHashMap.create({ name: 'lru', ...codecs, maxEntries: 40_000 })],
    [
      'HashMap without preallocation',
      () => HashMap.create({ name: 'sparse', ...codecs, maxEntries: 20_000, preallocate: false }),
    ],
  ])('writes a %s', (_, create) => {
    using map = create().setAll(numbered(10_000))
    expect(byKey(map)).toEqual(numbered(10_000))
  })

  test.each([
    ['PerCpuHashMap', () => PerCpuHashMap.create({ name: 'per_cpu', ...codecs, maxEntries: 6000 })],
    ['LruPerCpuHashMap', () => LruPerCpuHashMap.create({ name: 'lru_per_cpu', ...codecs, maxEntries: 20_000 })],
    ['PerCpuArrayMap', () => PerCpuArrayMap.create({ name: 'array', value: u64, maxEntries: 6000 })],
  ])('writes the values of all CPUs of a %s', (_, create) => {
    using map = create()
    const values = (i: number) => range(map.cpus).map((cpu) => BigInt(i * 10 + cpu))
    map.setAll(range(6000).map((i) => [i, values(i)] as const))
    expect(byKey(map)).toEqual(range(6000).map((i) => [i, values(i)]))
  })

  test('writes an array and a trie', () => {
    using array = ArrayMap.create({ name: 'array', value: u64, maxEntries: 9000 }).setAll(numbered(9000))
    expect([...array]).toEqual(numbered(9000))
    using trie = LpmTrieMap.create({ name: 'trie', key: ipv4Prefix, value: u32, maxEntries: 9000 })
    trie.setAll(range(9000).map((i) => [host(i), i] as const))
    expect([...trie.values()].sort((a, b) => a - b)).toEqual(range(9000))
  })

  test('names the entry that does not fit its type; the batches in front of it are written', () => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 10_000 })
    const wrong = [...numbered(5000), [1, 'many'] as unknown as [number, bigint]]
    expect(() => map.setAll(wrong)).toThrow(/entries\[5000\] is 'many'/)
    expect(byKey(map)).toEqual(numbered(4096))
    expect(() => map.setAll([[-1, 1n]])).toThrow(/entries\[0\] is -1/)
    expect(() => map.setAll([undefined as unknown as [number, bigint]])).toThrow(/entries\[0\]/)
  })

  test('names the entry that finds no room', () => {
    using map = HashMap.create({ name: 'small', ...codecs, maxEntries: 100 })
    expect(() => map.setAll(numbered(150))).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_FULL', map: 'small', operation: 'set entries[100]' }),
    )
    expect(byKey(map)).toEqual(numbered(100))
    using array = ArrayMap.create({ name: 'array', value: u64, maxEntries: 10 })
    expect(() => array.setAll(numbered(15))).toThrow(
      expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', operation: 'set entries[10]' }),
    )
    expect([...array]).toEqual(numbered(10))
  })

  test('is refused by a map that is frozen or closed', () => {
    using map = HashMap.create({ name: 'frozen', ...codecs, maxEntries: 100 }).setAll(numbered(3))
    map.freeze()
    expect(() => map.setAll(numbered(1))).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
    expect(() => map.deleteAll([1])).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
    expect(() => map.drain()).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
    expect(byKey(map)).toEqual(numbered(3))
    map.close()
    for (const use of [
      () => map.setAll(numbered(1)),
      () => map.deleteAll([1]),
      () => map.drain(),
      () => map.batches(),
    ]) {
      expect(use).toThrow(ClosedError)
    }
  })
})

describe('deleteAll', () => {
  test('deletes what is there of the keys, and says how many', () => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 10_000 }).setAll(numbered(10_000))
    // Every third is not there, among them the first and the last of batches.
    for (let i = 0; i < 10_000; i += 3) map.delete(i)
    expect(map.deleteAll(range(9000))).toBe(6000)
    expect(byKey(map)).toEqual(numbered(10_000).filter(([i]) => i >= 9000 && i % 3 !== 0))
    expect(map.deleteAll([])).toBe(0)
    expect(map.deleteAll([1, 1])).toBe(0)
    expect(map.deleteAll([9001, 9001, 9002])).toBe(2)
  })

  test('deletes from a trie and from a per-CPU table', () => {
    using trie = LpmTrieMap.create({ name: 'trie', key: ipv4Prefix, value: u32, maxEntries: 100 })
    trie.setAll(range(100).map((i) => [host(i), i] as const))
    expect(trie.deleteAll(range(50).map((i) => host(i * 4)))).toBe(25)
    expect([...trie.values()].sort((a, b) => a - b)).toEqual(range(100).filter((i) => i % 4 !== 0))
    using table = PerCpuHashMap.create({ name: 'table', ...codecs, maxEntries: 10 })
    expect(table.fill(1, 1n).fill(2, 2n).deleteAll([2, 3])).toBe(1)
    expect([...table.keys()]).toEqual([1])
  })

  test('names the key that does not fit its type', () => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 10 }).setAll(numbered(3))
    expect(() => map.deleteAll([0, 2 ** 32])).toThrow(/keys\[1\] is 4294967296/)
    expect(byKey(map)).toEqual(numbered(3))
  })
})

test.each([undefined, null, 5, 'abc', {}, { length: 2 }])('%o are no entries and no keys', (value) => {
  using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 10 }).setAll(numbered(3))
  const entries = expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'entries', value })
  expect(() => map.setAll(value as unknown as [])).toThrow(entries)
  const keys = expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'keys', value })
  expect(() => map.deleteAll(value as unknown as [])).toThrow(keys)
  expect(byKey(map)).toEqual(numbered(3))
})

describe('drain', () => {
  test.each([0, 1, 127, 128, 129, 5000, 20_000])('takes %i entries', (count) => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 20_000 }).setAll(numbered(count))
    expect(byKey(map.drain())).toEqual(numbered(count))
    expect([...map]).toEqual([])
    expect(map.drain()).toEqual([])
  })

  test.each([0, 1, 7, 128, 1000])('takes no more than %i', (max) => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 3000 }).setAll(numbered(3000))
    const taken = map.drain(max)
    expect(taken.length).toBe(max)
    expect(byKey([...taken, ...map])).toEqual(numbered(3000))
    expect(() => map.drain(-1)).toThrow(/max is -1/)
    expect(() => map.drain(1.5)).toThrow(/max is 1.5/)
  })

  test('takes parts of a bucket that holds more than are wanted', () => {
    const BPF_F_ZERO_SEED = 1 << 6
    const sizes = { keySize: 4, valueSize: 8, maxEntries: 1024 }
    const raw = RawMap.create({ type: 'hash', name: 'colliding', ...sizes, flags: BPF_F_ZERO_SEED })
    using map = HashMap.from(raw, codecs)
    const entries = byKey(collidingWords(1024, 1000).map((key): [number, bigint] => [key, BigInt(key)]))
    map.setAll(entries)
    const count = Uint32Array.of(500)
    const [token, keys, values] = [new Uint8Array(4), new Uint8Array(500 * 4), new Uint8Array(500 * 8)]
    expect(raw.lookupAndDeleteBatch(true, token, keys, values, count)).toBe(-errno.ENOSPC)
    const some = map.drain(500)
    expect(some.length).toBe(500)
    expect(byKey([...some, ...map])).toEqual(entries)
    const rest = map.drain()
    expect(byKey([...some, ...rest])).toEqual(entries)
    expect([...map]).toEqual([])
  })

  test('takes the values of all CPUs', () => {
    using map = PerCpuHashMap.create({ name: 'per_cpu', ...codecs, maxEntries: 3000 })
    for (const i of range(3000)) map.fill(i, BigInt(i))
    const sums = map.drain().map(([key, values]): [number, bigint] => [key, sum(values)])
    expect(byKey(sums)).toEqual(range(3000).map((i) => [i, BigInt(i * map.cpus)]))
  })

  test('loses nothing that another thread adds, and takes nothing twice', async () => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 4096 })
    const total = 60_000
    await using adder = await adding(map.raw, total)
    const taken: number[] = []
    while (taken.length < total) {
      for (const [key, value] of map.drain(taken.length % 3 === 0 ? 100 : undefined)) {
        expect(value).toBe(BigInt(key) * 3n)
        taken.push(key)
      }
      // The thread's error, should it have one, comes by the event loop.
      await setImmediate()
      if (adder.failed) throw adder.failed
    }
    expect(taken.sort((a, b) => a - b)).toEqual(range(total))
    expect(map.drain()).toEqual([])
  })
})

describe('as bytes', () => {
  test('getInto copies a value, or leaves the bytes alone', () => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 10 }).setAll(numbered(5))
    const bytes = new Uint8Array(12).fill(0xee)
    expect(map.getInto(7, bytes)).toBe(false)
    expect(bytes).toEqual(new Uint8Array(12).fill(0xee))
    expect(map.getInto(4, bytes)).toBe(true)
    expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(12n)
    expect(bytes.subarray(8)).toEqual(new Uint8Array(4).fill(0xee))
    expect(() => map.getInto(4, bytes.subarray(0, 7))).toThrow('a Uint8Array of 8 bytes or more')
    expect(() => map.getInto(4, [] as unknown as Uint8Array)).toThrow('a Uint8Array of 8 bytes or more')
    using perCpu = PerCpuArrayMap.create({ name: 'per_cpu', value: u32, maxEntries: 2 }).fill(1, 5)
    const values = new Uint8Array(perCpu.raw.valueBufferSize)
    expect(perCpu.getInto(1, values)).toBe(true)
    expect([...new Uint32Array(values.buffer)]).toEqual(range(perCpu.cpus).flatMap(() => [5, 0]))
  })

  test('entriesRaw gives batches of keys and values', () => {
    using map = HashMap.create({ name: 'entries', ...codecs, maxEntries: 5000 }).setAll(numbered(5000))
    const read: [number, bigint][] = []
    for (const { keys, values, count } of map.entriesRaw()) {
      const [keyNumbers, valueNumbers] = [new Uint32Array(keys.buffer), new BigUint64Array(values.buffer)]
      for (let i = 0; i < count; i++) read.push([keyNumbers[i] ?? 0, valueNumbers[i] ?? 0n])
    }
    expect(byKey(read)).toEqual(numbered(5000))
    expect(() => map.entriesRaw({ onConcurrentChange: 'never' as 'throw' })).toThrow('options.onConcurrentChange')
  })
})

describe('batches says what the kernel does in one call', () => {
  const all = { get: true, set: true, delete: true, getAndDelete: true }

  test('of hash tables, arrays and tries', () => {
    using hash = HashMap.create({ name: 'hash', ...codecs, maxEntries: 10 }).set(1, 1n)
    expect(hash.batches()).toEqual(all)
    expect([...hash]).toEqual([[1, 1n]])
    using array = ArrayMap.create({ name: 'array', value: u64, maxEntries: 10 })
    expect(array.batches()).toEqual({ ...all, delete: false, getAndDelete: false })
    using trie = LpmTrieMap.create({ name: 'trie', key: ipv4Prefix, value: u64, maxEntries: 10 })
    expect(trie.batches()).toEqual({ ...all, getAndDelete: false })
  })

  test('of a kernel without', () => {
    using created = HashMap.create({ name: 'hash', ...codecs, maxEntries: 10 })
    const refused = () => -errno.EINVAL
    const calls = { lookupBatch: refused, updateBatch: refused, deleteBatch: refused, lookupAndDeleteBatch: refused }
    const older = HashMap.from(withCalls(created.raw, calls), codecs)
    expect(older.batches()).toEqual({ get: false, set: false, delete: false, getAndDelete: false })
  })
})

describe.each(['ENOTSUPP', 'EOPNOTSUPP', 'EINVAL'] as const)('a kernel without batches, which says %s', (name) => {
  const refused = () => -errno[name]
  const calls = { updateBatch: refused, deleteBatch: refused, lookupAndDeleteBatch: refused }

  test('writes, deletes and takes one by one', () => {
    using created = HashMap.create({ name: 'entries', ...codecs, maxEntries: 5000 })
    const map = HashMap.from(withCalls(created.raw, calls), codecs).setAll(numbered(5000))
    expect(byKey(created)).toEqual(numbered(5000))
    expect(() => map.setAll([[5000, 1n]])).toThrow(expect.objectContaining({ operation: 'set entries[0]' }))
    expect(map.deleteAll([1, 7777, 2, 3])).toBe(3)
    const some = map.drain(10)
    expect(some.length).toBe(10)
    expect(byKey([...some, ...map.drain()])).toEqual(numbered(5000).filter(([i]) => i < 1 || i > 3))
    expect([...created]).toEqual([])
  })

  test('takes nothing where it cannot take one in one step', () => {
    using created = HashMap.create({ name: 'entries', ...codecs, maxEntries: 8 }).set(1, 7n)
    const map = HashMap.from(withCalls(created.raw, { ...calls, lookupAndDelete: refused }), codecs)
    expect(() => map.drain()).toThrow(
      expect.objectContaining({ code: 'ERR_UNSUPPORTED_KERNEL', feature: 'drain of a hash map', needed: '5.14' }),
    )
    expect([...created]).toEqual([[1, 7n]])
  })
})
