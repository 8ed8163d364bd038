import { load, type MapDifference, MapIncompatibleError } from '@millrace/core'
import { afterAll, describe, expect, test } from 'vitest'
import { mountBpffs } from '../../../core/test/support/bpffs.js'
import { Flow, Hits, maps as object } from '../../test/generated/maps.bpf.js'
import {
  ArrayMap,
  bytes,
  HashMap,
  ipv4,
  ipv4Prefix,
  LpmTrieMap,
  LruHashMap,
  LruPerCpuHashMap,
  PerCpuArrayMap,
  PerCpuHashMap,
  ProgramArray,
  RingBuffer,
  string,
  struct,
  u8,
  u16be,
  u32,
  u64,
} from '../index.js'

const bpffs = mountBpffs()
afterAll(() => bpffs[Symbol.dispose]())
const pinOf = (name: string) => `${bpffs.path}/${name}`

describe('a pinned map', () => {
  test('is read to its end, though it is unpinned meanwhile and another one takes its place', () => {
    const codecs = { key: u32, value: u64 }
    const entries = Array.from({ length: 5000 }, (_, i): [number, bigint] => [i, BigInt(i)])
    using made = HashMap.create({ name: 'replaced', ...codecs, maxEntries: 5000 }).setAll(entries)
    made.pin(pinOf('replaced'))
    using map = HashMap.open(pinOf('replaced'), codecs)
    using other = HashMap.create({ name: 'other', ...codecs, maxEntries: 5000 }).set(1, 77n)
    const read: [number, bigint][] = []
    for (const entry of map) {
      if (read.push(entry) > 1) continue
      map.unpin()
      other.pin(pinOf('replaced'))
    }
    expect(read.sort(([a], [b]) => a - b)).toEqual(entries)
    expect(() => map.unpin(pinOf('replaced'))).toThrow(expect.objectContaining({ code: 'ERR_PIN' }))
    using now = HashMap.open(pinOf('replaced'), codecs)
    expect([...now]).toEqual([[1, 77n]])
    now.unpin()
  })

  test('outlives what made it', () => {
    const codecs = { key: string(16), value: u64 }
    {
      using map = HashMap.create({ name: 'indexes', ...codecs, maxEntries: 8 })
      map.set('eth0', 2n).pin(pinOf('indexes'))
      expect(map.pinPath).toBe(pinOf('indexes'))
    }
    using again = HashMap.open(pinOf('indexes'), { ...codecs, maxEntries: 8 })
    expect([...again]).toEqual([['eth0', 2n]])
    again.unpin()
    expect(() => HashMap.open(pinOf('indexes'), codecs)).toThrow(expect.objectContaining({ code: 'ERR_PIN' }))
  })

  const keyed = { key: u32, value: u64 }
  const made = { name: 'any', maxEntries: 8 }

  test.each([
    ['hash', HashMap.create({ ...made, ...keyed }), (path: string) => HashMap.open(path, keyed)],
    ['lru_hash', LruHashMap.create({ ...made, ...keyed }), (path: string) => LruHashMap.open(path, keyed)],
    ['percpu_hash', PerCpuHashMap.create({ ...made, ...keyed }), (path: string) => PerCpuHashMap.open(path, keyed)],
    [
      'lru_percpu_hash',
      LruPerCpuHashMap.create({ ...made, ...keyed }),
      (path: string) => LruPerCpuHashMap.open(path, keyed),
    ],
    ['array', ArrayMap.create({ ...made, value: u64 }), (path: string) => ArrayMap.open(path, { value: u64 })],
    [
      'percpu_array',
      PerCpuArrayMap.create({ ...made, value: u64 }),
      (path: string) => PerCpuArrayMap.open(path, { value: u64 }),
    ],
  ])('of kind %s is opened as that kind', (type, map, open) => {
    using _ = map
    map.pin(pinOf(type))
    using opened = open(pinOf(type))
    expect(opened).toMatchObject({ id: map.id, type, name: 'any' })
    expect(opened.constructor).toBe(map.constructor)
  })

  test('of prefixes, of programs, of events too', () => {
    using trie = LpmTrieMap.create({ name: 'trie', key: ipv4Prefix, value: u32, maxEntries: 8 })
    trie.pin(pinOf('trie'))
    using sameTrie = LpmTrieMap.open(pinOf('trie'), { key: ipv4Prefix, value: u32 })
    using stages = ProgramArray.create({ name: 'stages', programType: 'xdp', maxEntries: 8 })
    stages.pin(pinOf('stages'))
    using sameStages = ProgramArray.open(pinOf('stages'), { programType: 'xdp' })
    using ring = RingBuffer.create({ name: 'ring', event: u64, maxEntries: 4096 })
    ring.pin(pinOf('ring'))
    using sameRing = RingBuffer.open(pinOf('ring'), { event: u64, maxEntries: 4096 })
    expect([sameTrie.id, sameStages.id, sameRing.id]).toEqual([trie.id, stages.id, ring.id])
    expect(() => RingBuffer.open(pinOf('trie'), { event: u64 })).toThrow(MapIncompatibleError)
  })
})

describe('a map of another shape', () => {
  function differencesOf(open: () => Disposable): readonly MapDifference[] {
    try {
      open()[Symbol.dispose]()
    } catch (error) {
      if (error instanceof MapIncompatibleError) return error.differences
      throw error
    }
    return []
  }

  test('is refused with every difference', () => {
    using map = LruHashMap.create({ name: 'other', key: u32, value: u64, maxEntries: 8 })
    map.pin(pinOf('other'))
    const codecs = { key: struct({ address: ipv4, port: u16be }), value: bytes(3) }
    expect(differencesOf(() => HashMap.open(pinOf('other'), { ...codecs, maxEntries: 9 }))).toEqual([
      { field: 'type', pinned: 'lru_hash', wanted: 'hash' },
      { field: 'keySize', pinned: 4, wanted: 8 },
      { field: 'valueSize', pinned: 8, wanted: 3 },
      { field: 'maxEntries', pinned: 8, wanted: 9 },
    ])
    expect(() => HashMap.open(pinOf('other'), codecs)).toThrow(expect.objectContaining({ path: pinOf('other') }))
    expect(() => HashMap.from(map.raw, codecs)).toThrow(expect.objectContaining({ path: '' }))
    // What was refused is not closed: it is the caller's.
    expect(map.set(1, 1n).get(1)).toBe(1n)
  })

  test('is refused by its fields where it has BTF', async () => {
    using loaded = await load(object)
    const { flows, totals } = loaded.maps
    flows.pin(pinOf('flows'))

    const Key = struct({ source: ipv4, sourcePort: u16be, protocol: u8 })
    const Value = struct({ packets: u64, bytes: u64 })
    expect(differencesOf(() => HashMap.open(pinOf('flows'), { key: Flow, value: Hits }))).toEqual([])
    expect(differencesOf(() => HashMap.open(pinOf('flows'), { key: Key, value: Value }))).toEqual([])

    const Renamed = struct({ source: u32, port: u16be, protocol: u8 }, { cNames: { port: 'source_port' } })
    const Swapped = struct({ bytes: u64, packets: u64 })
    expect(differencesOf(() => HashMap.open(pinOf('flows'), { key: Renamed, value: Swapped }))).toEqual([
      { field: 'key, field source', pinned: 'be32 @0', wanted: 'u32 @0' },
      { field: 'value, field packets', pinned: 'u64 @0', wanted: 'u64 @64' },
      { field: 'value, field bytes', pinned: 'u64 @64', wanted: 'u64 @0' },
    ])
    expect(differencesOf(() => HashMap.from(flows.raw, { key: bytes(8), value: Value }))).toContainEqual({
      field: 'key, field *[8]',
      pinned: 'absent',
      wanted: 'u8 @0',
    })
    expect(PerCpuArrayMap.from(totals.raw, { value: Value }).cpus).toBe(totals.cpus)
  })
})

describe('a map that may not be written', () => {
  test('opened for reading only', () => {
    using map = HashMap.create({ name: 'shared', key: u32, value: u64, maxEntries: 8 })
    map.set(1, 1n).pin(pinOf('shared'))
    using reader = HashMap.open(pinOf('shared'), { key: u32, value: u64, access: 'read-only' })
    expect(reader.get(1)).toBe(1n)
    expect([...reader]).toEqual([[1, 1n]])
    const readOnly = expect.objectContaining({ code: 'ERR_MAP_READ_ONLY', map: 'shared' })
    expect(() => reader.set(2, 2n)).toThrow(readOnly)
    expect(() => reader.delete(1)).toThrow(readOnly)
    expect(() => reader.clear()).toThrow(readOnly)
    expect(() => reader.getAndDelete(1)).toThrow(readOnly)
    expect(() => HashMap.open(pinOf('shared'), { key: u32, value: u64, access: 'readonly' as never })).toThrow(
      'did you mean read-only?',
    )
  })

  test('opened for writing only', () => {
    using map = ArrayMap.create({ name: 'sink', value: u64, maxEntries: 8 })
    map.pin(pinOf('sink'))
    using writer = ArrayMap.open(pinOf('sink'), { value: u64, access: 'write-only' })
    writer.set(1, 7n)
    expect(map.get(1)).toBe(7n)
    expect(() => writer.get(1)).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
    expect(() => [...writer]).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
  })

  test('frozen', () => {
    using map = ArrayMap.create({ name: 'settings', value: u64, maxEntries: 8, programAccess: 'read-only' })
    map.set(1, 7n)
    map.freeze()
    expect(map.info().frozen).toBe(true)
    expect(map.get(1)).toBe(7n)
    expect(() => map.set(1, 8n)).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY', operation: 'set' }))
    expect(() => map.clear()).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY', operation: 'clear' }))
    expect(() => map.freeze()).toThrow(expect.objectContaining({ map: 'settings', operation: 'freeze' }))
  })
})
