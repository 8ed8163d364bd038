import { ClosedError, type Infer, MapOperationError, RawMap } from '@millrace/core'
import { errno } from '@millrace/core/internal'
import { describe, expect, test } from 'vitest'
import { churn } from '../../test/churn.js'
import { collidingWords } from '../../test/colliding-words.js'
import {
  ArrayMap,
  bytes,
  HashMap,
  type HashMapOptions,
  ipv4Prefix,
  LpmTrieMap,
  PerCpuHashMap,
  struct,
  u32,
  u64,
} from '../index.js'
import { walkKeys } from './key-walk.js'
import { withoutRepeats } from './without-repeats.js'

const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i)
const host = (i: number) => ({ prefixLength: 32, address: `10.0.${i >> 8}.${i & 255}` })

describe('a map is read to its end', () => {
  test.each([0, 1, 127, 128, 129, 5000, 20_000])('with %i entries', (count) => {
    using map = HashMap.create({ name: 'entries', key: u32, value: u64, maxEntries: 20_000 })
    for (const i of range(0, count)) map.set(i, BigInt(i))
    const entries = [...map].sort(([a], [b]) => a - b)
    expect(entries).toEqual(range(0, count).map((i) => [i, BigInt(i)]))
  })

  test('with a bucket that holds more entries than are asked for', () => {
    const BPF_F_ZERO_SEED = 1 << 6
    const raw = RawMap.create({
      type: 'hash',
      name: 'colliding',
      keySize: 4,
      valueSize: 8,
      maxEntries: 1024,
      flags: BPF_F_ZERO_SEED,
    })
    using map = HashMap.from(raw, { key: u32, value: u64 })
    const keys = collidingWords(1024, 1000)
    for (const key of keys) map.set(key, BigInt(key))
    // The first that an iteration asks for.
    const count = Uint32Array.of(128)
    const first = raw.lookupBatch(true, new Uint8Array(4), new Uint8Array(128 * 4), new Uint8Array(128 * 8), count)
    expect(first).toBe(-errno.ENOSPC)
    expect([...map.keys()].sort((a, b) => a - b)).toEqual(keys.sort((a, b) => a - b))
    map.clear()
    expect([...map]).toEqual([])
  })

  test('with values of many kilobytes', () => {
    using map = HashMap.create({ name: 'large', key: u32, value: bytes(100_000), maxEntries: 10 })
    for (const i of range(0, 10)) map.set(i, new Uint8Array(100_000).fill(i))
    for (const [key, value] of map) expect(value.every((byte) => byte === key)).toBe(true)
    expect([...map.keys()]).toHaveLength(10)
  })

  test('by several iterations at once', () => {
    using map = HashMap.create({ name: 'entries', key: u32, value: u64, maxEntries: 1000 })
    for (const i of range(0, 1000)) map.set(i, BigInt(i))
    const [left, right] = [map.keys(), map.keys()]
    const seen = range(0, 1000).map(() => [left.next().value, right.next().value])
    for (const [a, b] of seen) expect(a).toBe(b)
    expect(new Set(seen.flat()).size).toBe(1000)
  })

  test('key by key, where there are no batches', () => {
    using map = HashMap.create({ name: 'entries', key: u32, value: u64, maxEntries: 1000 })
    for (const i of range(0, 500)) map.set(i, BigInt(i))
    const keys = [...withoutRepeats(map.raw, walkKeys(map.raw), 'throw')]
    expect(keys).toHaveLength(500)
    using array = ArrayMap.create({ name: 'array', value: u32, maxEntries: 7 })
    expect([...walkKeys(array.raw)].map(({ count }) => count)).toEqual(new Array(7).fill(1))
  })

  test('a misspelt option or policy is refused at once', () => {
    using map = HashMap.create({ name: 'entries', key: u32, value: u64, maxEntries: 8 })
    expect(() => map.entries({ onConcurentChange: 'retry' } as object)).toThrow('did you mean onConcurrentChange?')
    expect(() => map.keys({ onConcurrentChange: 'parshal' as 'partial' })).toThrow('did you mean partial?')
  })
})

describe('a map that changes while it is read', () => {
  const Checked = struct({ key: u32, again: u64 })
  type Value = Infer<typeof Checked>
  const fill = (map: HashMap<number, Value> | PerCpuHashMap<number, Value>, key: number) =>
    map instanceof HashMap ? map.set(key, checked(key)) : map.fill(key, checked(key))
  const checked = (key: number): Value => ({ key, again: BigInt(key) * 0x1_0000_0001n })

  test('by itself: cleared, closed, refilled', () => {
    using map = HashMap.create({ name: 'entries', key: u32, value: Checked, maxEntries: 2000 })
    for (const i of range(0, 1000)) map.set(i, checked(i))
    let count = 0
    for (const [key, value] of map) {
      if (count++ === 0) map.clear()
      expect(value).toEqual(checked(key))
    }
    expect(count).toBeLessThan(1000)
    let added = 0
    for (const key of map.keys()) map.delete(key)
    map.set(0, checked(0))
    for (const _ of map) if (added++ < 1500) map.set(added, checked(added))
    expect(added).toBeLessThanOrEqual(2000)
  })

  test.each([
    ['a hash table', () => HashMap.create({ name: 'closed', key: u32, value: u64, maxEntries: 5000 }), range(0, 5000)],
    [
      'a trie',
      () => LpmTrieMap.create({ name: 'closed', key: ipv4Prefix, value: u64, maxEntries: 5000 }),
      range(0, 5000).map(host),
    ],
  ] as const)('closed: of %s what was read comes, and then a ClosedError', (_, create, keys) => {
    const map = create() as HashMap<unknown, bigint>
    map.setAll(keys.map((key, i) => [key, BigInt(i)] as const))
    let count = 0
    const read = () => {
      for (const _ of map) if (count++ === 0) map.close()
    }
    expect(read).toThrow(ClosedError)
    expect(count).toBeGreaterThan(0)
    expect(count).toBeLessThan(5000)
    expect(read).toThrow(ClosedError)
  })

  test.each([
    ['HashMap', (options: HashMapOptions<number, Value>) => HashMap.create(options)],
    ['PerCpuHashMap', (options: HashMapOptions<number, Value>) => PerCpuHashMap.create(options)],
  ])('by another thread, a %s: what stays comes exactly once, and no value is torn', async (_name, create) => {
    using map = create({ name: 'busy', key: u32, value: Checked, maxEntries: 8192 })
    const bytesOf = (key: number) => {
      const all = new Uint8Array(map.raw.valueBufferSize)
      for (let at = 0; at < all.length; at += Checked.size) Checked.encode(checked(key), new DataView(all.buffer), at)
      return all
    }
    const entries = range(0, 3000).map((key) => [key, bytesOf(key)] as const)
    for (const key of range(0, 1000)) fill(map, key)
    await using _ = await churn(map.id, { key: u32, value: bytes(map.raw.valueBufferSize) }, entries.slice(1000))
    for (let round = 0; round < 30; round++) {
      const seen = [...map].map(([key, value]) => ({ key, values: [value].flat() }))
      const keys = new Set(seen.map(({ key }) => key))
      expect(keys.size).toBe(seen.length)
      expect(range(0, 1000).filter((key) => !keys.has(key))).toEqual([])
      const torn = seen.filter(({ key, values }) =>
        values.some((it) => it.key !== key || it.again !== checked(key).again),
      )
      expect(torn).toEqual([])
    }
  })
})

describe('a trie, where the kernel loses its place', () => {
  /** 300 prefixes; the iteration stands on the last of its first batch, which is then deleted. */
  function standingOnDeleted() {
    const trie = LpmTrieMap.create({ name: 'trie', key: ipv4Prefix, value: u32, maxEntries: 1024 })
    for (const i of range(0, 300)) trie.set(host(i), i)
    const order = [...trie.keys()]
    const deleted = order[127] ?? host(0)
    return { trie, order, deleted }
  }

  test('retry: every entry that stays comes exactly once', () => {
    const { trie, order, deleted } = standingOnDeleted()
    using _ = trie
    const seen: string[] = []
    for (const { address } of trie.keys()) {
      seen.push(address)
      if (seen.length === 1) trie.delete(deleted)
    }
    expect(seen.sort()).toEqual(order.map(({ address }) => address).sort())
  })

  test('partial: it ends', () => {
    const { trie, deleted } = standingOnDeleted()
    using _ = trie
    const seen = new Set<string>()
    let count = 0
    for (const { address } of trie.keys({ onConcurrentChange: 'partial' })) {
      seen.add(address)
      if (count++ === 0) trie.delete(deleted)
    }
    expect(count).toBeGreaterThanOrEqual(128)
    expect(seen.size).toBe(count)
  })

  test('throw: it says so', () => {
    const { trie, deleted } = standingOnDeleted()
    using _ = trie
    expect(() => {
      for (const _key of trie.keys({ onConcurrentChange: 'throw' })) trie.delete(deleted)
    }).toThrow(expect.objectContaining({ code: 'ERR_MAP_CHANGED', map: 'trie' }))
  })

  test('it gives up on a map that changes for ever', () => {
    using trie = LpmTrieMap.create({ name: 'trie', key: ipv4Prefix, value: u32, maxEntries: 5000 })
    for (const i of range(0, 4500)) trie.set(host(i), i)
    let fresh = 4500
    expect(() => {
      for (const key of trie.keys()) {
        trie.delete(key)
        trie.set(host(fresh++ % 65_536), 0)
      }
    }).toThrow(expect.objectContaining({ code: 'ERR_MAP_CHANGED' }))
  })

  test('under another thread: it ends, gives nothing twice, and misses nothing that stays', async () => {
    using trie = LpmTrieMap.create({ name: 'busy', key: ipv4Prefix, value: u32, maxEntries: 4096 })
    for (const i of range(0, 600)) trie.set(host(2 * i), 2 * i)
    const others = range(0, 600).map((i) => [host(2 * i + 1), 2 * i + 1] as const)
    await using _ = await churn(trie.id, { key: ipv4Prefix, value: u32 }, others)
    let completed = 0
    for (let round = 0; round < 30; round++) {
      const seen = new Map<string, number>()
      try {
        let given = 0
        for (const [{ address }, value] of trie) {
          seen.set(address, value)
          given++
        }
        expect(seen.size).toBe(given)
      } catch (error) {
        if (!(error instanceof MapOperationError)) throw error
        expect(error.code).toBe('ERR_MAP_CHANGED')
        continue
      }
      completed++
      expect(range(0, 600).filter((i) => seen.get(host(2 * i).address) !== 2 * i)).toEqual([])
    }
    expect(completed).toBeGreaterThan(0)
  })
})
