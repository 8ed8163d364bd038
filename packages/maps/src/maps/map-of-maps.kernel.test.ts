import { KernelError, MapIncompatibleError, RawMap } from '@millrace/core'
import { errno, isAtLeast, nativeBinding } from '@millrace/core/internal'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { churn } from '../../test/churn.js'
import { table, tables, tenants } from '../../test/inner-tables.js'
import { ArrayOfMaps, HashMap, HashOfMaps, type InnerMap, LruHashMap, u32, u64 } from '../index.js'

const bpffs = useBpffs()

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
