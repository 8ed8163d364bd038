import type { Codec } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { ArrayMap, array, bytes, PerCpuArrayMap, struct, sum, u8, u32, u64 } from '../index.js'

const Hits = struct({ packets: u64, bytes: u64 })
const nothing = { packets: 0n, bytes: 0n }

describe('an ArrayMap', () => {
  test('has all its values from the beginning', () => {
    using map = ArrayMap.create({ name: 'limits', value: Hits, maxEntries: 3 })
    expect([...map]).toEqual([
      [0, nothing],
      [1, nothing],
      [2, nothing],
    ])
    expect(map.set(1, { packets: 1n, bytes: 2n })).toBe(map)
    expect(map.get(1)).toEqual({ packets: 1n, bytes: 2n })
    expect([...map.keys()]).toEqual([0, 1, 2])
    expect([...map.values()]).toEqual([nothing, { packets: 1n, bytes: 2n }, nothing])
    map.clear()
    expect([...map.values()]).toEqual([nothing, nothing, nothing])
  })

  test('refuses an index that it does not have', () => {
    using map = ArrayMap.create({ name: 'limits', value: u32, maxEntries: 3 })
    const outOfRange = expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', map: 'limits' })
    expect(() => map.get(3)).toThrow(outOfRange)
    expect(() => map.set(3, 1)).toThrow(outOfRange)
    expect(map.has(2)).toBe(true)
    expect(map.has(3)).toBe(false)
    for (const index of [-1, 0.5, 2 ** 32, '1', 1n]) {
      const bad = expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'key', value: index })
      expect(() => map.get(index as number)).toThrow(bad)
      expect(() => map.set(index as number, 1)).toThrow(bad)
      expect(() => map.has(index as number)).toThrow(bad)
    }
  })

  test('of many values is read and cleared in many batches', () => {
    using map = ArrayMap.create({ name: 'large', value: u64, maxEntries: 10_001 })
    for (let index = 0; index < map.maxEntries; index += 7) map.set(index, BigInt(index) + 1n)
    const expected = Array.from({ length: 10_001 }, (_, i) => [i, i % 7 === 0 ? BigInt(i) + 1n : 0n])
    expect([...map]).toEqual(expected)
    map.clear()
    expect([...map.values()].every((value) => value === 0n)).toBe(true)
  })

  test.each([1, 3, 7, 12, 4099])('with values of odd sizes: %i bytes', (size) => {
    using map = ArrayMap.create({ name: 'odd', value: bytes(size), maxEntries: 130 })
    for (let index = 0; index < 130; index++) map.set(index, new Uint8Array(size).fill(index))
    for (const [index, value] of map) expect(value).toEqual(new Uint8Array(size).fill(index))
    expect(map.get(129)).toEqual(new Uint8Array(size).fill(129))
  })

  test('cannot be used after its end', () => {
    const map = ArrayMap.create({ name: 'limits', value: u32, maxEntries: 3 })
    map[Symbol.dispose]()
    const closed = expect.objectContaining({ code: 'ERR_CLOSED' })
    expect(() => map.get(0)).toThrow(closed)
    expect(() => map.set(0, 1)).toThrow(closed)
    expect(() => map.clear()).toThrow(closed)
    expect(() => [...map]).toThrow(closed)
  })
})

describe('a view of an ArrayMap', () => {
  test.each([
    ['of 8 bytes', u64, 7n, 0n],
    ['of an odd size', bytes(13), new Uint8Array(13).fill(7), new Uint8Array(13)],
    ['of many pages', bytes(5000), new Uint8Array(5000).fill(7), new Uint8Array(5000)],
  ] as [string, Codec<unknown>, unknown, unknown][])(
    'shows values %s as they are written',
    (_what, value, some, zero) => {
      using map = ArrayMap.create({ name: 'mapped', value, maxEntries: 5, memoryMapped: true })
      const view = map.view({ writable: false })
      expect(map.view({ writable: false })).toBe(view)
      expect([...view]).toEqual(new Array(5).fill(zero))
      map.set(4, some)
      expect(view.get(4)).toEqual(some)
      expect([...view]).toEqual([...map.values()])
      map.freeze()
      expect(view.get(4)).toEqual(some)
    },
  )

  test('refuses what has no memory to show, and what is not in it', () => {
    using plain = ArrayMap.create({ name: 'plain', value: u64, maxEntries: 5 })
    expect(() => plain.view()).toThrow(expect.objectContaining({ code: 'ERR_KERNEL' }))
    using map = ArrayMap.create({ name: 'mapped', value: u64, maxEntries: 5, memoryMapped: true })
    const view = map.view()
    expect(() => view.get(5)).toThrow(expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', map: 'mapped' }))
    for (const index of [-1, 0.5, '0']) {
      expect(() => view.get(index as number)).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'index' }),
      )
    }
    map.close()
    expect(view.get(0)).toBe(0n)
    expect(() => map.view()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })
})

describe('a PerCpuArrayMap', () => {
  test('has a value for each CPU', () => {
    using map = PerCpuArrayMap.create({ name: 'counters', value: Hits, maxEntries: 3 })
    const values = Array.from({ length: map.cpus }, (_, cpu) => ({ packets: BigInt(cpu + 1), bytes: 0n }))
    expect(map.get(0)).toEqual(new Array(map.cpus).fill(nothing))
    expect(map.set(2, values).get(2)).toEqual(values)
    expect(map.fill(1, { packets: 5n, bytes: 6n }).get(1)).toEqual(new Array(map.cpus).fill({ packets: 5n, bytes: 6n }))
    expect([...map].map(([index, all]) => [index, sum(all).packets])).toEqual([
      [0, 0n],
      [1, 5n * BigInt(map.cpus)],
      [2, values.reduce((total, { packets }) => total + packets, 0n)],
    ])
    map.clear()
    expect([...map.values()].flat().every(({ packets, bytes }) => packets === 0n && bytes === 0n)).toBe(true)
    expect(() => map.get(3)).toThrow(expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE' }))
    expect(() => map.fill(3, nothing)).toThrow(expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE' }))
    expect(() => map.set(0, values.slice(1))).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'value' }),
    )
  })

  test('of arrays and of odd sizes', () => {
    using rows = PerCpuArrayMap.create({ name: 'rows', value: array(u8, 5), maxEntries: 200 })
    for (let index = 0; index < 200; index++) rows.fill(index, [index, 1, 2, 3, 4])
    for (const [index, values] of rows) expect(values).toEqual(new Array(rows.cpus).fill([index, 1, 2, 3, 4]))
    expect([...rows.keys()]).toHaveLength(200)
  })
})

test('sum adds numbers, bigints, and structs field by field', () => {
  expect(sum([1, 2, 3])).toBe(6)
  expect(sum([1n, 2n ** 64n])).toBe(2n ** 64n + 1n)
  expect(
    sum([
      { packets: 1n, sizes: { small: 2 } },
      { packets: 10n, sizes: { small: 20 } },
    ]),
  ).toEqual({
    packets: 11n,
    sizes: { small: 22 },
  })
  expect(() => sum([])).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'values' }))
})
