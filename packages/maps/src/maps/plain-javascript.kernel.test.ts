import { inspect } from 'node:util'
import { ArgumentError, ClosedError, RawMap } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import * as maps from '../index.js'

/** What a caller without a compiler may pass by mistake. */
const junk: readonly unknown[] = [undefined, null, Number.NaN, 1n, '', 'x', true, [], {}, () => {}, { raw: 1 }]

const { u32, u64 } = maps
const prefix = maps.struct({ prefixLength: u32, address: maps.ipv4 })
const keyed = { key: u32, value: u64 }
const kinds = [
  [maps.HashMap, keyed],
  [maps.LruHashMap, keyed],
  [maps.PerCpuHashMap, keyed],
  [maps.LruPerCpuHashMap, keyed],
  [maps.LpmTrieMap, { key: prefix, value: u64 }],
  [maps.ArrayMap, { value: u64 }],
  [maps.PerCpuArrayMap, { value: u64 }],
  [maps.ProgramArray, { programType: 'xdp' }],
  [maps.RingBuffer, { event: u64 }],
] as const

/** The static methods, as a caller without a compiler sees them. */
interface Untyped {
  readonly name: string
  create(...args: unknown[]): Disposable
  open(...args: unknown[]): Disposable
  from(...args: unknown[]): Disposable
}

describe.each(kinds.map(([kind, codecs]) => [kind as unknown as Untyped, codecs as object] as const))(
  '%o',
  (kind, codecs) => {
    const raw = RawMap.create({ type: 'hash', name: 'raw', keySize: 4, valueSize: 8, maxEntries: 1 })
    afterAll(() => raw.close())

    it.each(junk)('refuses %o as options, codecs and map', (value) => {
      for (const call of [() => kind.create(value), () => kind.open('/nowhere', value), () => kind.from(raw, value)]) {
        expect(call).toThrow(ArgumentError)
      }
      expect(() => kind.from(value, codecs)).toThrow(/^raw is .*, expected a RawMap/)
    })

    it.each([
      [{ preallocate: 'yes' }],
      [{ perCpuLists: 'yes' }],
      [{ memoryMapped: 'yes' }],
      [{ overruns: 'yes' }],
      [{ programType: 'xpd' }],
      [{ programAccess: 'raed-only' }],
    ])('refuses %o', (option) => {
      expect(() => kind.create({ name: 'plain', maxEntries: 4096, ...codecs, ...option })).toThrow(ArgumentError)
    })
  },
)

it.each([undefined, null, 'x', {}])('refuses %o as the values of an enumeration', (values) => {
  expect(() => maps.enumeration(values as never)).toThrow(/^values is .*, expected /)
})

it('puts nothing but programs into a program array', () => {
  using array = maps.ProgramArray.create({ name: 'programs', programType: 'xdp', maxEntries: 1 })
  for (const value of [...junk, { type: 'xdp', handle: 1 }]) {
    expect(() => array.set(0, value as never)).toThrow(/^program is .*, expected a loaded or opened Program/)
  }
})

it('refuses what is no codec in structs and arrays', () => {
  for (const value of junk) {
    expect(() => maps.struct({ port: value as never })).toThrow(/^fields\.port is .*, expected a codec such as u32/)
    expect(() => maps.array(value as never, 4)).toThrow(/^element is .*, expected a codec such as u32/)
    expect(() => maps.struct(value as never)).toThrow(ArgumentError)
  }
})

it('does not mix up entries when a getter looks into the map', () => {
  const pair = maps.struct({ first: u32, second: u32 })
  using map = maps.HashMap.create({ name: 'pairs', key: pair, value: pair, maxEntries: 4 })
  const one = { first: 1, second: 1 }
  const disturbing = {
    first: 2,
    get second() {
      return map.get(one)?.second ?? 0
    },
  }
  map.set(one, { first: 10, second: 11 })
  expect(() => map.set({ first: 2, second: 2 }, disturbing)).toThrow(/^value is .* do not use this map while/)
  expect(() => map.get(disturbing)).toThrow(/^key is .* do not use this map while/)
  expect([...map]).toEqual([[one, { first: 10, second: 11 }]])
})

it('print in a line', () => {
  using map = maps.HashMap.create({ name: 'flows', key: u32, value: u64, maxEntries: 1 })
  expect(inspect(map)).toBe('map flows (hash)')
})

it('closed arrays say so, whatever they are asked', () => {
  const array = maps.ArrayMap.create({ name: 'closed', value: u32, maxEntries: 1, memoryMapped: true })
  const view = array.view()
  array.close()
  for (const call of [() => array.has(0), () => array.view(), () => array.get(0)]) {
    expect(call).toThrow(ClosedError)
  }
  // It has the memory, and keeps it.
  expect(view.get(0)).toBe(0)
})
