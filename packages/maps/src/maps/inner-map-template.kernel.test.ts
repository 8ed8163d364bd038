import { type MapSpec, RawMap } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { ring, table } from '../../test/inner-tables.js'
import {
  Arena,
  ArrayMap,
  ArrayOfMaps,
  BloomFilter,
  CpuMap,
  DevMap,
  DevMapHash,
  HashMap,
  HashOfMaps,
  type InnerMap,
  ipv4Prefix,
  LpmTrieMap,
  LruHashMap,
  LruPerCpuHashMap,
  PerCpuArrayMap,
  PerCpuHashMap,
  PerfEventArray,
  ProgramArray,
  Queue,
  ReuseportSockArray,
  RingBuffer,
  SocketStorage,
  SockHash,
  SockMap,
  Stack,
  struct,
  UserRingBuffer,
  u32,
  u64,
  XskMap,
} from '../index.js'

const bpffs = useBpffs()

const Wide = struct({ packets: u64, bytes: u64 })

describe('a template', () => {
  test.each<[string, MapSpec<InnerMap>]>([
    ['hash', table],
    [
      'hash without preallocation',
      HashMap.spec({ name: 'h', key: u32, value: u64, maxEntries: 8, preallocate: false }),
    ],
    ['lru_hash', LruHashMap.spec({ name: 'l', key: u32, value: u64, maxEntries: 8 })],
    ['percpu_hash', PerCpuHashMap.spec({ name: 'p', key: u32, value: u64, maxEntries: 8 })],
    [
      'lru_percpu_hash with lists',
      LruPerCpuHashMap.spec({ name: 'p', key: u32, value: u64, maxEntries: 8, perCpuLists: true }),
    ],
    ['lpm_trie', LpmTrieMap.spec({ name: 'l', key: ipv4Prefix, value: u64, maxEntries: 8 })],
    ['queue', Queue.spec({ name: 'q', value: u64, maxEntries: 8 })],
    ['stack', Stack.spec({ name: 's', value: u64, maxEntries: 8 })],
    ['bloom_filter', BloomFilter.spec({ name: 'b', value: u64, maxEntries: 8 })],
    ['sockmap', SockMap.spec({ name: 's', value: u64, maxEntries: 8 })],
    ['sockhash', SockHash.spec({ name: 's', key: u32, value: u64, maxEntries: 8 })],
    ['devmap', DevMap.spec({ name: 'd', maxEntries: 8 })],
    ['devmap_hash', DevMapHash.spec({ name: 'd', maxEntries: 8 })],
    ['cpumap', CpuMap.spec({ name: 'c', maxEntries: 1 })],
    ['reuseport_sockarray', ReuseportSockArray.spec({ name: 'r', maxEntries: 8 })],
    ['perf_event_array', PerfEventArray.spec({ name: 'p', maxEntries: 2, event: u64 })],
    ['user_ringbuf', UserRingBuffer.spec({ name: 'u', maxEntries: 4096, event: u64 })],
    ['ringbuf', RingBuffer.spec({ name: 'r', event: u64, maxEntries: 8192 })],
    ['array that may differ', ArrayMap.spec({ name: 'a', value: u64, maxEntries: 8, anyMaxEntries: true })],
    ['read-only', HashMap.spec({ name: 'h', key: u32, value: u64, maxEntries: 8, programAccess: 'read-only' })],
  ])('of kind %s makes maps that fit, of another size as well', (_, inner) => {
    using outer = ArrayOfMaps.create({ name: 'outer', maxEntries: 2, inner })
    using same = outer.createInner()
    using larger = outer.createInner({ maxEntries: 2 * inner.maxEntries, name: 'larger' })
    outer.set(0, same).set(1, larger)
    using again = outer.get(1)
    expect(again?.raw.id).toBe(larger.raw.id)
    expect(again?.raw.name).toBe('larger')
    expect(again?.raw.type).toBe(inner.type)
    expect(again?.constructor).toBe(same.constructor)
    expect(again?.raw.maxEntries).toBeGreaterThan(same.raw.maxEntries)
  })

  test.each<[string, MapSpec<InnerMap>]>([
    ['array', ring],
    ['xskmap', XskMap.spec({ name: 'x', maxEntries: 4 })],
    ['percpu_array', PerCpuArrayMap.spec({ name: 'p', value: u64, maxEntries: 4 })],
    ['memory-mapped array', ArrayMap.spec({ name: 'm', value: u64, maxEntries: 4, memoryMapped: true })],
  ])('of kind %s makes maps of one size', (_, inner) => {
    using outer = ArrayOfMaps.create({ name: 'outer', maxEntries: 2, inner })
    using same = outer.createInner({ maxEntries: 4 })
    outer.set(0, same)
    using again = outer.get(0)
    expect(again?.raw.id).toBe(same.raw.id)
    expect(() => outer.createInner({ maxEntries: 8 })).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'options.maxEntries' }),
    )
    using other = ArrayOfMaps.create({ name: 'other', maxEntries: 1, inner: { ...inner, maxEntries: 8 } })
    using larger = other.createInner()
    expect(() => outer.set(1, larger)).toThrow(
      expect.objectContaining({ differences: [{ field: 'maxEntries', pinned: 8, wanted: 4 }] }),
    )
  })

  test('of kind sk_storage makes maps that fit', () => {
    using outer = ArrayOfMaps.create({
      name: 'outer',
      maxEntries: 1,
      inner: SocketStorage.spec({ name: 's', value: u64, maxEntries: 0 }),
    })
    using inner = outer.createInner()
    outer.set(0, inner)
    using again = outer.get(0)
    expect(again?.id).toBe(inner.id)
  })

  test('is of a kind that the kernel takes, and there', () => {
    const programs = ProgramArray.spec({ name: 'programs', programType: 'xdp', maxEntries: 1 })
    const nested = ArrayOfMaps.spec({ name: 'nested', maxEntries: 1, inner: table })
    const create = (inner: unknown) =>
      ArrayOfMaps.create({ name: 'outer', maxEntries: 1, inner: inner as typeof table })
    const wrong = expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'options.inner' })
    const arena = Arena.spec({ name: 'arena', maxEntries: 8 })
    for (const inner of [programs, nested, arena, undefined, null, 'hash', {}])
      expect(() => create(inner)).toThrow(wrong)
    expect(() => ArrayOfMaps.open(`${bpffs.path}/none`, { inner: undefined as never })).toThrow()
    expect(() => HashOfMaps.create(undefined as never)).toThrow(expect.objectContaining({ argument: 'options' }))
    expect(() => ArrayOfMaps.create({ name: 'o', maxEntries: 1, iner: table } as never)).toThrow(/inner/)
    expect(() => HashOfMaps.create({ name: 'o', maxEntries: 1, inner: table } as never)).toThrow(/options\.key/)
  })

  test('may be another than the map was made for: the kernel tells, or a map that is inside', () => {
    using example = RawMap.create({ type: 'hash', name: 'example', keySize: 4, valueSize: 16, maxEntries: 8 })
    const outer = { type: 'array_of_maps', name: 'outer', keySize: 4, valueSize: 4, maxEntries: 2 } as const
    using raw = RawMap.create({ ...outer, innerMap: example })
    using typed = ArrayOfMaps.from(raw, { inner: table })
    using inner = typed.createInner()
    expect(() => typed.set(0, inner)).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_FLAGS', map: 'outer', operation: 'set', errnoName: 'EINVAL' }),
    )
    expect(() => typed.setAll([[0, inner]])).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_FLAGS', operation: 'set entries[0]' }),
    )
    const wide = HashMap.spec({ name: 'wide', key: u32, value: Wide, maxEntries: 8 })
    using wider = ArrayOfMaps.from(raw, { inner: wide })
    using fits = wider.createInner()
    wider.set(0, fits)
    const differences = [{ field: 'inner valueSize', pinned: 16, wanted: 8 }]
    expect(() => typed.get(0)).toThrow(expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE', differences }))
    expect(() => ArrayOfMaps.from(raw, { inner: table })).toThrow(expect.objectContaining({ differences }))
    raw.pin(`${bpffs.path}/wide`)
    expect(() => ArrayOfMaps.open(`${bpffs.path}/wide`, { inner: table })).toThrow(
      expect.objectContaining({ path: `${bpffs.path}/wide`, differences }),
    )
  })
})
