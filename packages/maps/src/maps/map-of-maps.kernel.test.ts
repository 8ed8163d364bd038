import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { KernelError, load, MapIncompatibleError, type MapSpec, RawMap } from '@millrace/core'
import { errno, isAtLeast, loadAgain, nativeBinding } from '@millrace/core/internal'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { bundleEnvironment } from '../../../core/test/support/bundle.js'
import { churn } from '../../test/churn.js'
import { mapOfMaps as object } from '../../test/generated/map-of-maps.bpf.js'
import { keepRunning } from '../../test/running-program.js'
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
const table = HashMap.spec({ name: 'table', key: u32, value: u64, maxEntries: 8 })
const ring = ArrayMap.spec({ name: 'ring', value: u64, maxEntries: 4 })

const Wide = struct({ packets: u64, bytes: u64 })

const tables = (maxEntries = 4) => ArrayOfMaps.create({ name: 'tables', maxEntries, inner: table })
const tenants = (maxEntries = 4) => HashOfMaps.create({ name: 'tenants', key: u64, maxEntries, inner: table })

afterEach(() => vi.restoreAllMocks())

describe('an ArrayOfMaps', () => {
  test('holds typed maps', () => {
    using outer = tables()
    {
      using inner = outer.createInner()
      inner.set(1, 10n)
      expect(outer.set(2, inner)).toBe(outer)
    }
    using again = outer.get(2)
    expect(again).toBeInstanceOf(HashMap)
    expect([...(again ?? [])]).toEqual([[1, 10n]])
    expect(again?.name).toBe('table')
    expect([outer.get(0), outer.has(0), outer.has(2)]).toEqual([undefined, false, true])
    expect(outer.idOf(2)).toBe(again?.id)
    expect(outer.delete(2)).toBe(true)
    expect(outer.delete(2)).toBe(false)
    expect(outer.idOf(2)).toBeUndefined()
    // Who opened it keeps it.
    expect(again?.get(1)).toBe(10n)
  })

  test('is read in order, its maps each open for one step', () => {
    using outer = tables()
    for (const index of [3, 1]) {
      using inner = outer.createInner({ name: `table_${index}` })
      outer.set(index, inner.set(0, BigInt(index)))
    }
    const seen = []
    let last: HashMap<number, bigint> | undefined
    for (const [index, inner] of outer) {
      expect(last?.closed ?? true).toBe(true)
      seen.push([index, inner.name, inner.get(0)])
      last = inner
    }
    expect(seen).toEqual([
      [1, 'table_1', 1n],
      [3, 'table_3', 3n],
    ])
    expect(last?.closed).toBe(true)
    expect([...outer.keys()]).toEqual([1, 3])
    expect([...outer.ids()]).toEqual([
      [1, outer.idOf(1)],
      [3, outer.idOf(3)],
    ])
    expect([...outer.values()].map(({ closed }) => closed)).toEqual([true, true])
    const called: number[] = []
    outer.forEach((inner, index) => {
      called.push(index, Number(inner.get(0)))
    })
    expect(called).toEqual([1, 1, 3, 3])
    outer.clear()
    expect([...outer.keys()]).toEqual([])
  })

  test('closes the map of a step when the loop is left', () => {
    using outer = tables()
    using inner = outer.createInner()
    outer.set(0, inner)
    let left: InnerMap | undefined
    for (left of outer.values()) break
    expect(left?.raw.closed).toBe(true)
  })

  test('says what an index is', () => {
    using outer = tables(4)
    using inner = outer.createInner()
    for (const use of [
      () => outer.get(4),
      () => outer.has(4),
      () => outer.idOf(4),
      () => outer.delete(4),
      () => outer.set(4, inner),
      () => outer.setAll([[4, inner]]),
    ]) {
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', map: 'tables' }))
    }
    expect(() => outer.get(-1)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'index' }))
  })
})

describe('a HashOfMaps', () => {
  test('holds typed maps', () => {
    using outer = tenants()
    using one = outer.createInner({ name: 'one' })
    using two = outer.createInner({ name: 'two' })
    outer.set(1n, one).set(2n ** 40n, two)
    const seen = new Map<bigint, number>()
    for (const [key, inner] of outer) seen.set(key, inner.id)
    expect(seen).toEqual(new Map(outer.ids()))
    expect(new Map(outer.ids())).toEqual(
      new Map([
        [1n, one.id],
        [2n ** 40n, two.id],
      ]),
    )
    expect([outer.has(1n), outer.has(3n), outer.get(3n), outer.idOf(3n)]).toEqual([true, false, undefined, undefined])
    expect([outer.delete(1n), outer.delete(1n)]).toEqual([true, false])
    outer.clear()
    expect([...outer.ids()]).toEqual([])
  })

  test('says that it is full, that a key is there or not', () => {
    using outer = tenants(1)
    using inner = outer.createInner()
    expect(() => outer.set(1n, inner, 'replace')).toThrow(expect.objectContaining({ code: 'ERR_KEY_MISSING' }))
    outer.set(1n, inner, 'create')
    expect(() => outer.set(1n, inner, 'create')).toThrow(expect.objectContaining({ code: 'ERR_KEY_EXISTS' }))
    outer.set(1n, inner, 'replace')
    expect(() => outer.set(2n, inner)).toThrow(expect.objectContaining({ code: 'ERR_MAP_FULL', map: 'tenants' }))
    expect(() => outer.set(1n, inner, 'always' as never)).toThrow(expect.objectContaining({ argument: 'mode' }))
    expect(() => outer.set('1' as never, inner)).toThrow(expect.objectContaining({ argument: 'key' }))
  })

  test('may be made without preallocation', () => {
    using outer = HashOfMaps.create({ name: 'tenants', key: u32, maxEntries: 4, inner: table, preallocate: false })
    using inner = outer.createInner()
    outer.set(7, inner)
    expect(outer.raw.flags).toBe(1)
    expect(outer.has(7)).toBe(true)
  })
})

describe.each([
  ['an ArrayOfMaps', tables, 1 as never],
  ['a HashOfMaps', tenants as unknown as typeof tables, 1n as never],
])('%s', (_, create: typeof tables, key: never) => {
  test('swaps a map for another', () => {
    using outer = create()
    using first = outer.createInner()
    using second = outer.createInner()
    expect(outer.swap(key, first)).toBeUndefined()
    first.set(1, 1n)
    using old = outer.swap(key, second)
    expect(old?.id).toBe(first.id)
    expect(old?.get(1)).toBe(1n)
    expect(outer.idOf(key)).toBe(second.id)
  })

  test('takes many maps at once', () => {
    using outer = create()
    using inner = outer.createInner()
    using other = outer.createInner()
    expect(outer.setAll([])).toBe(outer)
    for (const value of [null, 5, 'abc'] as unknown as [][]) {
      expect(() => outer.setAll(value)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'entries' }))
      expect(() => outer.deleteAll(value)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'keys' }))
    }
    outer.setAll(
      new Map([
        [key, inner],
        [(Number(key) === key ? 2 : 2n) as never, other],
      ]),
    )
    expect([...outer.ids()].map(([, id]) => id).sort()).toEqual([inner.id, other.id].sort())
  })

  test('lets go of many maps at once', () => {
    using outer = create()
    using inner = outer.createInner()
    const all = (typeof key === 'number' ? [0, 1, 2, 3] : [0n, 1n, 2n, 3n]) as never[]
    const [first, second, third, fourth] = all as [never, never, never, never]
    outer.setAll([first, second, fourth].map((key) => [key, inner]))
    expect(outer.deleteAll([])).toBe(0)
    expect(outer.deleteAll([first, third, second])).toBe(2)
    expect([...outer.keys()]).toEqual([fourth])
    expect(outer.deleteAll(all)).toBe(1)
    outer.setAll(all.map((key) => [key, inner])).clear()
    expect([...outer.keys()]).toEqual([])
    if (isAtLeast('5.19')) {
      expect(outer.batches()).toMatchObject({ get: true, set: true, delete: outer.type === 'hash_of_maps' })
    }
  })

  test('lets go of them one by one where the kernel has no batches', () => {
    using outer = create()
    using inner = outer.createInner()
    vi.spyOn(RawMap.prototype, 'deleteBatch').mockReturnValue(-errno.ENOTSUPP)
    outer.set(key, inner).clear()
    expect(outer.has(key)).toBe(false)
  })

  test('takes them one by one where the kernel has no batches', () => {
    using outer = create()
    using inner = outer.createInner()
    using batch = vi.spyOn(RawMap.prototype, 'updateBatch').mockReturnValue(-errno.ENOTSUPP)
    outer.setAll([[key, inner]])
    expect(batch).toHaveBeenCalledOnce()
    expect(outer.idOf(key)).toBe(inner.id)
  })

  test('says which of many it could not take', () => {
    using outer = create(1)
    using inner = outer.createInner()
    const keys = (typeof key === 'number' ? [0, 1] : [0n, 1n]) as never[]
    const code = typeof key === 'number' ? 'ERR_INDEX_OUT_OF_RANGE' : 'ERR_MAP_FULL'
    expect(() => outer.setAll(keys.map((key) => [key, inner]))).toThrow(expect.objectContaining({ code }))
  })

  test('opens a map that was replaced while it was opened, up to a bound', () => {
    using outer = create()
    using inner = outer.createInner()
    outer.set(key, inner)
    const gone = new KernelError({ operation: 'open map 1', errno: errno.ENOENT })
    const openById = vi.spyOn(RawMap, 'openById')
    for (let time = 0; time < 50; time++)
      openById.mockImplementationOnce(() => {
        throw gone
      })
    using again = outer.get(key)
    expect(again?.id).toBe(inner.id)
    openById.mockImplementation(() => {
      throw gone
    })
    expect(() => outer.get(key)).toThrow(expect.objectContaining({ code: 'ERR_MAP_CHANGED', operation: 'get' }))
    openById.mockImplementation(() => {
      throw new KernelError({ operation: 'open map 1', errno: errno.EMFILE })
    })
    expect(() => outer.get(key)).toThrow(expect.objectContaining({ errnoName: 'EMFILE' }))
  })

  test('refuses a map that is closed, and refuses when it is itself', () => {
    using outer = create()
    using closed = outer.createInner({ name: 'closed' })
    closed.close()
    const closedInner = expect.objectContaining({ code: 'ERR_CLOSED', objectName: 'closed' })
    expect(() => outer.set(key, closed)).toThrow(closedInner)
    expect(() => outer.setAll([[key, closed]])).toThrow(closedInner)
    expect(() => outer.swap(key, closed)).toThrow(closedInner)
    using inner = outer.createInner()
    outer.close()
    for (const use of [
      () => outer.get(key),
      () => outer.set(key, inner),
      () => outer.setAll([[key, inner]]),
      () => outer.delete(key),
      () => outer.deleteAll([key]),
      () => outer.batches(),
      () => outer.idOf(key),
      () => outer.has(key),
      () => [...outer.ids()],
      () => outer.clear(),
    ]) {
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_CLOSED', objectName: outer.name }))
    }
  })

  test('closes the old map when it cannot be swapped', () => {
    using outer = create()
    using inner = outer.createInner()
    using other = HashMap.create({ name: 'other', key: u64, value: u64, maxEntries: 8 })
    outer.set(key, inner)
    expect(() => outer.swap(key, other as never)).toThrow(MapIncompatibleError)
    expect(outer.idOf(key)).toBe(inner.id)
  })

  test('refuses to be written when it is frozen', () => {
    using outer = create()
    using inner = outer.createInner()
    outer.set(key, inner).freeze()
    const readOnly = expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' })
    expect(() => outer.set(key, inner)).toThrow(readOnly)
    expect(() => outer.setAll([[key, inner]])).toThrow(readOnly)
    expect(() => outer.delete(key)).toThrow(readOnly)
    expect(() => outer.deleteAll([key])).toThrow(readOnly)
    expect(() => outer.clear()).toThrow(readOnly)
    using again = outer.get(key)
    // What is inside is not frozen with it.
    expect(again?.set(1, 1n).get(1)).toBe(1n)
  })

  test('lists what is wrong with a map', () => {
    using outer = create()
    using other = LruHashMap.create({ name: 'other', key: u64, value: u32, maxEntries: 8, perCpuLists: true })
    expect.assertions(2)
    try {
      outer.set(key, other as never)
    } catch (error) {
      expect(error).toBeInstanceOf(MapIncompatibleError)
      expect((error as MapIncompatibleError).differences).toEqual([
        { field: 'type', pinned: 'lru_hash', wanted: 'hash' },
        { field: 'keySize', pinned: 8, wanted: 4 },
        { field: 'valueSize', pinned: 4, wanted: 8 },
        { field: 'flags', pinned: '0x2', wanted: '0x0' },
      ])
    }
  })

  test.each([[undefined], [null], [7], [{ raw: 7 }]])('refuses %o', (value) => {
    using outer = create()
    expect(() => outer.set(key, value as never)).toThrow(expect.objectContaining({ argument: 'map' }))
  })
})

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

describe('RawMap.create', () => {
  const outer = { type: 'array_of_maps', name: 'outer', keySize: 4, valueSize: 4, maxEntries: 2 } as const

  test('wants an example of what is inside, and only there', () => {
    using inner = RawMap.create({ type: 'hash', name: 'inner', keySize: 4, valueSize: 16, maxEntries: 8 })
    using made = RawMap.create({ ...outer, innerMap: inner })
    expect(made.type).toBe('array_of_maps')
    const wrong = expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'options.innerMap' })
    expect(() => RawMap.create(outer)).toThrow(wrong)
    expect(() => RawMap.create({ ...outer, innerMap: 7 as never })).toThrow(wrong)
    expect(() => RawMap.create({ ...outer, type: 'hash', innerMap: inner })).toThrow(wrong)
    expect(() => RawMap.create({ ...outer, innerMap: made })).toThrow(expect.objectContaining({ errnoName: 'EINVAL' }))
    inner.close()
    expect(() => RawMap.create({ ...outer, innerMap: inner })).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  test('passes no handle to the kernel that is none', () => {
    const native = nativeBinding()
    for (const handle of [0, -1, 123_456_789]) {
      expect(native.mapCreate(12, 'outer', 4, 4, 2, 0, 0, handle)).toMatchObject({ errno: errno.EBADF })
    }
  })
})

describe('a pinned map of maps', () => {
  test('is opened with what it holds', () => {
    const path = `${bpffs.path}/tenants`
    {
      using outer = tenants()
      using inner = outer.createInner()
      outer.set(5n, inner.set(1, 2n)).pin(path)
    }
    using again = HashOfMaps.open(path, { key: u64, inner: table, maxEntries: 4 })
    using inner = again.get(5n)
    expect(inner?.get(1)).toBe(2n)
    expect(() => HashOfMaps.open(path, { key: u32, inner: table })).toThrow(MapIncompatibleError)
    expect(() => ArrayOfMaps.open(path, { inner: table })).toThrow(MapIncompatibleError)
  })

  test('may be opened for reading or for writing only', () => {
    const path = `${bpffs.path}/tables`
    using outer = tables()
    using inner = outer.createInner()
    outer.set(0, inner).pin(path)
    using reader = ArrayOfMaps.open(path, { inner: table, access: 'read-only' })
    expect(reader.idOf(0)).toBe(inner.id)
    const refused = expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' })
    expect(() => reader.set(1, inner)).toThrow(refused)
    expect(() => reader.delete(0)).toThrow(refused)
    using writer = ArrayOfMaps.open(path, { inner: table, access: 'write-only' })
    writer.set(1, inner)
    expect(() => writer.get(1)).toThrow(refused)
    expect(outer.idOf(1)).toBe(inner.id)
  })
})

describe('maps of maps of an object file', () => {
  test('are typed, and filled by the C', async () => {
    using loaded = await load(object)
    const { tables, first, second } = loaded.maps
    expect([...tables.ids()]).toEqual([
      [0, first.id],
      [2, second.id],
    ])
    const gateway = (tenant: number, network: number) => {
      const data = new Uint8Array(64)
      const view = new DataView(data.buffer)
      view.setUint32(0, tenant, true)
      view.setUint32(4, network, true)
      return loaded.programs.findGateway.testRun({ data }).returnValue
    }
    second.set(10, { gateway: 1001, metric: 1 })
    expect([gateway(2, 10), gateway(2, 11), gateway(0, 10), gateway(1, 10)]).toEqual([1001, 0, 0, 0])
    using fresh = tables.createInner({ maxEntries: 1000 })
    tables.set(2, fresh.set(11, { gateway: 2002, metric: 1 }))
    expect([gateway(2, 10), gateway(2, 11)]).toEqual([0, 2002])
    tables.delete(2)
    expect(gateway(2, 11)).toBe(0)
    expect(second.get(10)).toEqual({ gateway: 1001, metric: 1 })
  })

  test('that are pinned keep what they hold: the C fills those that are made', async () => {
    const maps = { tables: { pin: `${bpffs.path}/tables-of-c` } }
    let before: [number, number][] = []
    {
      using loaded = await load(object, { maps })
      const { tables } = loaded.maps
      using fresh = tables.createInner()
      tables.set(0, fresh).delete(2)
      before = [...tables.ids()]
      expect(before).toEqual([[0, fresh.id]])
    }
    using again = await load(object, { maps })
    expect([...again.maps.tables.ids()]).toEqual(before)
  })

  test('are shared by a program that is loaded again, or its own and filled anew', async () => {
    using loaded = await load(object)
    const { tables, first, second } = loaded.maps
    const data = new Uint8Array(64)
    using shared = loadAgain(loaded.programs.findGateway)
    tables.delete(0)
    second.set(0, { gateway: 7, metric: 1 })
    first.set(0, { gateway: 5, metric: 1 })
    expect(shared.program.testRun({ data }).returnValue).toBe(0)
    data[0] = 2
    expect(shared.program.testRun({ data }).returnValue).toBe(7)
    using own = loadAgain(loaded.programs.findGateway, { own: ['tables'] })
    data[0] = 0
    expect(own.program.testRun({ data }).returnValue).toBe(5)
  })

  test('are compared with their module, inner maps included', async () => {
    const { tables, rings } = object.maps
    const inner = HashMap.spec({ name: 'inner', key: u64, value: u64, maxEntries: 9 })
    const stale = { ...object, maps: { tables: { ...tables, inner }, rings: { ...rings, inner: table } } }
    const what = 'map tables, inner map'
    await expect(load(stale)).rejects.toMatchObject({
      code: 'ERR_STALE_MODULE',
      differences: expect.arrayContaining([
        { what: `${what}, flags`, object: '1', module: '0' },
        { what: `${what}, entries`, object: '8', module: '9' },
        { what: `${what}, key, type`, object: 'u32 @0', module: 'u64 @0' },
        { what: `${what}, value, field gateway`, object: 'u32 @0', module: undefined },
        { what: 'map rings, inner map, type', object: 'array', module: 'hash' },
      ]),
    })
    const notOuter = { ...object, maps: { first: { ...object.maps.first, inner: table } } }
    await expect(load(notOuter)).rejects.toMatchObject({
      differences: [{ what: 'map first, inner map', object: undefined, module: 'hash' }],
    })
  })

  test('may be pinned, and are refused when what is pinned holds other maps', async () => {
    const pin = `${bpffs.path}/rings`
    const maps = { rings: { pin } }
    {
      using loaded = await load(object, { maps })
      using ring = loaded.maps.rings.createInner()
      loaded.maps.rings.set(0, ring.set(0, 5n))
    }
    {
      using again = await load(object, { maps })
      using ring = again.maps.rings.get(0)
      expect(ring?.get(0)).toBe(5n)
      again.maps.rings.unpin(pin)
    }
    using other = ArrayOfMaps.create({ name: 'rings', maxEntries: 8, inner: { ...ring, maxEntries: 32 } })
    using inner = other.createInner()
    other.set(0, inner).pin(pin)
    await expect(load(object, { maps })).rejects.toMatchObject({
      code: 'ERR_MAP_INCOMPATIBLE',
      differences: [{ field: 'inner maxEntries', pinned: 32, wanted: 16 }],
    })
  })
})

describe('iterating', () => {
  test('gives what stays exactly once, while other maps come and go', async () => {
    using outer = tenants(8)
    using inner = outer.createInner()
    const stable = [1n, 2n, 3n]
    outer.setAll(stable.map((key) => [key, inner]))
    const descriptor = nativeBinding().descriptor(inner.raw.handle)
    const codecs = { key: u64, value: u32 }
    await using _churn = await churn(outer.id, codecs, [
      [11n, descriptor],
      [12n, descriptor],
      [13n, descriptor],
    ])
    for (let round = 0; round < 500; round++) {
      const seen: bigint[] = []
      for (const [key, map] of outer) {
        expect(map.id).toBe(inner.id)
        seen.push(key)
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.filter((key) => key < 10n).sort()).toEqual(stable)
    }
  })

  test('leaves out a map that is taken out meanwhile', () => {
    using outer = tables()
    using inner = outer.createInner()
    outer.setAll([
      [0, inner],
      [1, inner],
      [2, inner],
    ])
    const seen: number[] = []
    for (const [index] of outer) {
      seen.push(index)
      outer.delete(1)
    }
    expect(seen).toEqual([0, 2])
  })
})

const SINGLE_SWAPS = 200
const ROUNDS = 100
const INDEXES = 8

describe('programs see the old map or the new one', () => {
  test('while thousands are replaced in this process', { timeout: 300_000 }, async () => {
    using loaded = await load(object)
    const { rings, ringsByName } = loaded.maps
    let generation = 0n
    const fresh = (outer: typeof rings | typeof ringsByName) => {
      const ring = outer.createInner()
      for (let index = 0; index < ring.maxEntries; index++) ring.set(index, generation)
      return ring
    }
    /** Nobody may see this: programs are done with the ring. */
    const spoil = (ring: ArrayMap<bigint> | undefined) => {
      for (let index = 0; index < (ring?.maxEntries ?? 0); index += 2) ring?.set(index, 0n)
      ring?.close()
    }
    const indexes = Array.from({ length: INDEXES }, (_, index) => index)
    const replaceAll = () => {
      generation++
      const old = indexes.flatMap((index) => [rings.get(index), ringsByName.get(BigInt(index))])
      const inArray = indexes.map((index) => [index, fresh(rings)] as const)
      const inHash = indexes.map((index) => [BigInt(index), fresh(ringsByName)] as const)
      rings.setAll(inArray)
      ringsByName.setAll(inHash)
      for (const ring of old) spoil(ring)
      for (const [, ring] of [...inArray, ...inHash]) ring.close()
    }
    replaceAll()
    {
      await using _running = await keepRunning(loaded.programs.readRings.id, 500)
      for (let swap = 0; swap < SINGLE_SWAPS; swap++) {
        generation++
        const index = swap % INDEXES
        using one = fresh(rings)
        spoil(rings.swap(index, one))
        using other = fresh(ringsByName)
        spoil(ringsByName.swap(BigInt(index), other))
      }
      for (let round = 0; round < ROUNDS; round++) replaceAll()
    }
    const { whole, missing, torn, backwards } = loaded.variables
    const count = (counts: bigint[]) => (isAtLeast('6.16') ? counts : counts.slice(0, 1)).reduce((a, b) => a + b)
    expect([count(missing.get()), count(torn.get()), count(backwards.get())]).toEqual([0n, 0n, 0n])
    expect(whole.get().every((times) => times > 1000n)).toBe(true)
    using last = rings.get(0)
    expect(last?.get(0)).toBe(generation)
  })

  test('while another process replaces them by a pin', { timeout: 300_000 }, async () => {
    const path = `${bpffs.path}/shared`
    using loaded = await load(object)
    const { rings, ringsByName } = loaded.maps
    rings.pin(path)
    for (let index = 0; index < INDEXES; index++) {
      using first = rings.createInner()
      rings.set(index, first)
      using named = ringsByName.createInner()
      ringsByName.set(BigInt(index), named)
    }
    const script = fileURLToPath(new URL('../../test/swap-rings.mjs', import.meta.url))
    const ended = new Promise<void>((resolve, reject) => {
      const env = { ...bundleEnvironment, NODE_OPTIONS: '' }
      execFile(process.execPath, [script, path, '500'], { env }, (error) => (error ? reject(error) : resolve()))
    })
    let isRunning = true
    const finished = ended.finally(() => {
      isRunning = false
    })
    {
      await using _running = await keepRunning(loaded.programs.readRings.id, 500)
      while (isRunning) {
        // Opened while it is replaced: never without a map, never one that cannot be opened.
        for (let time = 0; time < 20; time++) {
          using ring = rings.get(0)
          expect(ring?.maxEntries).toBe(16)
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await finished
    const { whole, missing, torn, backwards } = loaded.variables
    expect([missing.get()[0], torn.get()[0], backwards.get()[0]]).toEqual([0n, 0n, 0n])
    expect(whole.get()[0]).toBeGreaterThan(0n)
    using last = rings.get(0)
    expect(last?.get(15)).toBe(500n)
  })
})
