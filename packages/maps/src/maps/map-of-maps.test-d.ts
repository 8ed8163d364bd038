import type { LoadedMaps, MapSpec, RawMap } from '@millrace/core'
import { describe, expectTypeOf, test } from 'vitest'
import type { mapOfMaps as object, Route } from '../../test/generated/map-of-maps.bpf.js'
import {
  ArrayMap,
  ArrayOfMaps,
  type BpfMap,
  HashMap,
  HashOfMaps,
  ipv4,
  LruHashMap,
  Queue,
  RingBuffer,
  u32,
  u64,
} from '../index.js'

declare const loaded: LoadedMaps<typeof object>
declare const raw: RawMap
const table = HashMap.spec({ name: 'table', key: ipv4, value: u64, maxEntries: 8 })
type Table = HashMap<string, bigint>

describe('maps of maps', () => {
  const tables = ArrayOfMaps.create({ name: 'tables', maxEntries: 2, inner: table })
  const tenants = HashOfMaps.create({ name: 'tenants', key: u32, maxEntries: 2, inner: table, preallocate: false })

  test('have the types of what is inside', () => {
    expectTypeOf(tables).toEqualTypeOf<ArrayOfMaps<Table>>()
    expectTypeOf(tenants).toEqualTypeOf<HashOfMaps<number, Table>>()
    expectTypeOf(tenants.get(1)).toEqualTypeOf<Table | undefined>()
    expectTypeOf(tenants.swap(1, tables.createInner())).toEqualTypeOf<Table | undefined>()
    expectTypeOf([...tables]).toEqualTypeOf<[number, Table][]>()
    expectTypeOf([...tables.ids()]).toEqualTypeOf<[number, number][]>()
    expectTypeOf(tables.idOf(0)).toEqualTypeOf<number | undefined>()
    expectTypeOf(tenants).toExtend<BpfMap<number, Table>>()
    expectTypeOf(ArrayOfMaps.open('/', { inner: Queue.spec({ name: 'q', value: u32, maxEntries: 1 }) })).toEqualTypeOf<
      ArrayOfMaps<Queue<number>>
    >()
    expectTypeOf(
      ArrayOfMaps.from(raw, { inner: RingBuffer.spec({ name: 'r', event: u32, maxEntries: 4096 }) }),
    ).toEqualTypeOf<ArrayOfMaps<RingBuffer<number>>>()
    expectTypeOf(ArrayOfMaps.spec({ name: 'tables', maxEntries: 2, inner: table })).toEqualTypeOf<
      MapSpec<ArrayOfMaps<Table>>
    >()
  })

  test('of an object file are those of the generated module', () => {
    expectTypeOf(loaded.tables).toEqualTypeOf<ArrayOfMaps<HashMap<number, Route>>>()
    expectTypeOf(loaded.ringsByName).toEqualTypeOf<HashOfMaps<bigint, ArrayMap<bigint>>>()
  })

  test('refuse other maps', () => {
    // @ts-expect-error: of other values
    tables.set(0, HashMap.create({ name: 'other', key: ipv4, value: u32, maxEntries: 8 }))
    // @ts-expect-error: of other keys
    tables.set(0, HashMap.create({ name: 'other', key: u32, value: u64, maxEntries: 8 }))
    // @ts-expect-error: of another kind
    tables.set(0, ArrayMap.create({ name: 'other', value: u64, maxEntries: 8 }))
    // @ts-expect-error: bytes
    tables.set(0, raw)
    // @ts-expect-error: an array replaces always
    tables.set(0, tables.createInner(), 'create')
    // @ts-expect-error: another key
    tenants.set('1', tables.createInner())
    // @ts-expect-error: a codec describes no map
    ArrayOfMaps.create({ name: 'tables', maxEntries: 2, inner: u32 })
    // @ts-expect-error: there is no such option
    LruHashMap.spec({ name: 'table', key: u32, value: u32, maxEntries: 8, preallocate: false })
  })
})
