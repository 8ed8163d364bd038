import { ArgumentError, ClosedError } from '@millrace/core'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  array,
  bool,
  ipv4,
  type Merge,
  type MergeMethod,
  PerCpuArrayMap,
  PerCpuHashMap,
  struct,
  sum,
  u16be,
  u32,
  u64,
} from '../index.js'

const cpus = (map: { readonly cpus: number }, value: (cpu: number) => unknown) =>
  Array.from({ length: map.cpus }, (_, cpu) => value(cpu)) as never[]

describe('numbers of all CPUs become one', () => {
  test('sums are those of sum()', () => {
    const Hits = struct({ packets: u64, bytes: u64, last: struct({ drops: u32 }) })
    using map = PerCpuArrayMap.create({ name: 'hits', value: Hits, maxEntries: 64 })
    for (let i = 0; i < 64; i++) {
      map.set(
        i,
        cpus(map, (cpu) => ({ packets: BigInt(i) << 30n, bytes: BigInt(cpu), last: { drops: i * cpu } })),
      )
    }
    const totals = map.merged('sum')
    expect([...totals]).toEqual([...map].map(([i, values]) => [i, sum(values)]))
    expect([...totals.values()]).toEqual([...map.values()].map((values) => sum(values)))
  })
})

describe('structs are merged by field', () => {
  const Seen = struct({
    packets: u64,
    source: ipv4,
    first: u32,
    last: u32,
    ports: array(u16be, 2),
    inner: struct({ isOpen: bool, count: u32 }),
  })
  const value = (cpu: number) => ({
    packets: BigInt(10 + cpu),
    source: `192.0.2.${cpu}`,
    first: 100 + cpu,
    last: 100 + cpu,
    ports: [cpu, 2 * cpu],
    inner: { isOpen: cpu === 0, count: 1 },
  })
  const how = {
    packets: 'sum',
    source: 'any',
    first: 'min',
    last: 'max',
    ports: 'any',
    inner: { isOpen: 'any', count: 'sum' },
  } as const

  test('each in its own way', () => {
    using map = PerCpuHashMap.create({ name: 'seen', key: u32, value: Seen, maxEntries: 8 })
    map.set(7, cpus(map, value))
    const totals = map.merged(how)
    const count = map.cpus
    const expected = {
      packets: BigInt(10 * count + (count * (count - 1)) / 2),
      source: '192.0.2.0',
      first: 100,
      last: 99 + count,
      ports: [0, 0],
      inner: { isOpen: true, count },
    }
    expect(totals.get(7)).toEqual(expected)
    expect(totals.get(8)).toBeUndefined()
    expect([totals.has(7), totals.has(8)]).toEqual([true, false])
    expect([...totals]).toEqual([[7, expected]])
    expect([...totals.keys()]).toEqual([7])
    const seen: unknown[] = []
    totals.forEach((merged, key) => {
      seen.push([key, merged])
    })
    expect(seen).toEqual([[7, expected]])
    expect(map.drain().length).toBe(1)
    expect(totals.get(7)).toBeUndefined()
  })

  test('what does not fit is told by its field', () => {
    using map = PerCpuHashMap.create({ name: 'seen', key: u32, value: Seen, maxEntries: 8 })
    const wrong = (change: object) => () => map.merged({ ...how, ...change } as typeof how)
    expect(wrong({ packets: 'add' })).toThrow(/how.packets is 'add', expected sum, max, min or any/)
    expect(wrong({ source: 'sum' })).toThrow(/how.source is 'sum', expected any: its values are no numbers/)
    expect(wrong({ inner: { isOpen: 'any' } })).toThrow(/how.inner is .* a method for the field count, too/)
    expect(wrong({ paquets: 'sum' })).toThrow(/paquets.*packets/)
    expect(() => map.merged('sum' as 'any')).toThrow(/how of the field source is 'sum'/)
    expect(() => map.merged(undefined as unknown as 'any')).toThrow(ArgumentError)
    using words = PerCpuArrayMap.create({ name: 'words', value: u64, maxEntries: 1 })
    expect(() => words.merged({ low: 'sum' } as unknown as 'sum')).toThrow(/expected sum, max, min or any$/)
  })

  test('the compiler knows what fits', () => {
    expectTypeOf<Merge<bigint>>().toEqualTypeOf<MergeMethod>()
    expectTypeOf<Merge<string>>().toEqualTypeOf<'any'>()
    expectTypeOf<'sum'>().not.toExtend<Merge<{ source: string; packets: bigint }>>()
    expectTypeOf<{ source: 'any'; packets: 'sum' }>().toExtend<Merge<{ source: string; packets: bigint }>>()
    expectTypeOf<{ packets: 'sum' }>().not.toExtend<Merge<{ source: string; packets: bigint }>>()
  })
})

test('merged values are those of the map: index out of range, closed, read only', () => {
  const map = PerCpuArrayMap.create({ name: 'counters', value: u64, maxEntries: 2 })
  const totals = map.merged('sum')
  expect(() => totals.get(2)).toThrow(expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', map: 'counters' }))
  const writable = totals as unknown as { set(index: number, value: bigint): void; clear(): void }
  expect(() => writable.set(0, 1n)).toThrow('only read')
  expect(() => writable.clear()).toThrow('only read')
  map.close()
  expect(() => totals.get(0)).toThrow(ClosedError)
})
