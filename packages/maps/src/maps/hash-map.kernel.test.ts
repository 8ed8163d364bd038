import { ArgumentError, type Codec, load } from '@millrace/core'
import { afterEach, describe, expect, test } from 'vitest'
import { type Flow, maps as object } from '../../test/generated/maps.bpf.js'
import {
  bytes,
  HashMap,
  type HashMapOptions,
  ipv4,
  LruHashMap,
  LruPerCpuHashMap,
  PerCpuHashMap,
  struct,
  sum,
  u16be,
  u32,
  u64,
} from '../index.js'

const Endpoint = struct({ address: ipv4, port: u16be })
const Hits = struct({ packets: u64, bytes: u64 })

const open: Disposable[] = []
function opened<T extends Disposable>(map: T): T {
  open.push(map)
  return map
}
afterEach(() => {
  for (const map of open.splice(0)) map[Symbol.dispose]()
})

const numbers = (maxEntries: number, more: Partial<HashMapOptions<number, bigint>> = {}) =>
  opened(HashMap.create({ name: 'numbers', key: u32, value: u64, maxEntries, ...more }))

describe('a HashMap is an ES Map', () => {
  test('with keys and values of any type, padding included', () => {
    const map = opened(HashMap.create({ name: 'requests', key: Endpoint, value: Hits, maxEntries: 16 }))
    const https = { address: '192.0.2.1', port: 443 }
    const http = { address: '192.0.2.1', port: 80 }

    expect(map.get(https)).toBeUndefined()
    expect(map.has(https)).toBe(false)
    expect(map.set(https, { packets: 1n, bytes: 60n }).set(http, { packets: 2n, bytes: 120n })).toBe(map)
    expect(map.get(https)).toEqual({ packets: 1n, bytes: 60n })
    expect(map.has(http)).toBe(true)
    expect(new Set(map.keys())).toEqual(new Set([https, http]))
    expect(new Set([...map.values()].map((hits) => hits.packets))).toEqual(new Set([1n, 2n]))
    expect(new Map([...map].map(([key, value]) => [key.port, value.bytes]))).toEqual(
      new Map([
        [443, 60n],
        [80, 120n],
      ]),
    )
    const ports: number[] = []
    map.forEach((value, key) => {
      ports.push(key.port, Number(value.packets))
    })
    expect(ports.sort((a, b) => a - b)).toEqual([1, 2, 80, 443])

    expect(map.delete(https)).toBe(true)
    expect(map.delete(https)).toBe(false)
    expect(map.get(https)).toBeUndefined()
    map.clear()
    expect([...map]).toEqual([])
  })

  test.each([1, 2, 3, 5, 7, 13, 64])('with keys and values of odd sizes: %i bytes', (size) => {
    const map = opened(HashMap.create({ name: 'odd', key: bytes(size), value: bytes(size), maxEntries: 200 }))
    const entryOf = (i: number) => Uint8Array.from({ length: size }, (_, at) => (at === 0 ? i : i * at))
    for (let i = 0; i < 200; i++) map.set(entryOf(i), entryOf(255 - i))
    for (let i = 0; i < 200; i++) expect(map.get(entryOf(i))).toEqual(entryOf(255 - i))
    const seen = [...map].map(([key, value]) => [key[0] as number, value])
    expect(seen).toHaveLength(200)
    for (const [i, value] of seen) expect(value).toEqual(entryOf(255 - (i as number)))
    map.clear()
    expect([...map]).toEqual([])
  })

  test('what it gives is a copy', () => {
    const map = opened(HashMap.create({ name: 'copies', key: u32, value: bytes(8), maxEntries: 4 }))
    map.set(1, new Uint8Array(8).fill(1)).set(2, new Uint8Array(8).fill(2))
    const first = map.get(1)
    map.get(2)
    expect(first).toEqual(new Uint8Array(8).fill(1))
  })
})

describe('an error says what was wrong', () => {
  test('a full map', () => {
    const map = numbers(2).set(1, 1n).set(2, 2n)
    expect(() => map.set(3, 3n)).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_FULL', map: 'numbers', operation: 'set', errnoName: 'E2BIG' }),
    )
    expect(map.set(1, 11n).get(1)).toBe(11n)
  })

  test('a key that exists, a key that does not', () => {
    const map = numbers(4).set(1, 1n, 'create')
    expect(() => map.set(1, 2n, 'create')).toThrow(expect.objectContaining({ code: 'ERR_KEY_EXISTS', map: 'numbers' }))
    expect(map.set(1, 3n, 'replace').get(1)).toBe(3n)
    expect(() => map.set(2, 2n, 'replace')).toThrow(expect.objectContaining({ code: 'ERR_KEY_MISSING' }))
    expect(() => map.set(2, 2n, 'crate' as 'create')).toThrow('did you mean create?')
    expect(map.has(2)).toBe(false)
  })

  test('a key or a value that does not fit, with the way to it', () => {
    const map = opened(HashMap.create({ name: 'requests', key: Endpoint, value: Hits, maxEntries: 4 }))
    const key = { address: '192.0.2.1', port: 443 }
    const value = { packets: 1n, bytes: 1n }
    expect(() => map.get({ ...key, port: 65_536 })).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'key.port', value: 65_536 }),
    )
    expect(() => map.set(key, { ...value, bytes: -1n })).toThrow(
      expect.objectContaining({ argument: 'value.bytes', value: -1n }),
    )
    expect(() => map.set(key, { ...value, bytes: 1 as unknown as bigint })).toThrow(
      'value.bytes is 1, expected a bigint',
    )
    expect(() => map.delete(undefined as unknown as typeof key)).toThrow(
      expect.objectContaining({ argument: 'key', value: undefined }),
    )
    expect([...map]).toEqual([])
  })

  test('a closed map', () => {
    const map = numbers(4).set(1, 1n)
    const entries = map.entries()
    map.close()
    map.close()
    expect(map.closed).toBe(true)
    for (const use of [
      () => map.get(1),
      () => map.has(1),
      () => map.set(1, 1n),
      () => map.delete(1),
      () => map.getAndDelete(1),
      () => map.clear(),
      () => map.info(),
      () => map.freeze(),
      () => map.pin('/sys/fs/bpf/x'),
      () => entries.next(),
    ]) {
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_CLOSED', objectName: 'numbers' }))
    }
  })

  test('what no map can be made of', () => {
    const options = { name: 'numbers', key: u32, value: u64, maxEntries: 4 }
    expect(() => HashMap.create({ ...options, maxEntrys: 4 } as never)).toThrow('did you mean maxEntries?')
    expect(() => HashMap.create({ ...options, value: undefined } as never)).toThrow(
      expect.objectContaining({ argument: 'options.value' }),
    )
    expect(() => HashMap.create({ ...options, key: {} } as never)).toThrow('a codec such as u32')
    expect(() => HashMap.create({ ...options, maxEntries: -1 })).toThrow(ArgumentError)
    expect(() => HashMap.create({ ...options, maxEntries: 0 })).toThrow(expect.objectContaining({ code: 'ERR_KERNEL' }))
    expect(() => HashMap.create({ ...options, preallocate: 1 as never })).toThrow('true or false')
    expect(() => HashMap.create({ ...options, programAccess: 'none' as never })).toThrow('options.programAccess')
  })
})

describe('getAndDelete', () => {
  const options = { name: 'taken', key: u32, value: u64, maxEntries: 64 }

  test.each([
    ['HashMap', () => HashMap.create(options)],
    ['LruHashMap', () => LruHashMap.create(options)],
  ])('takes an entry out of a %s', (_name, create) => {
    const map = opened(create())
    map.set(1, 7n)
    expect(map.getAndDelete(1)).toBe(7n)
    expect(map.getAndDelete(1)).toBeUndefined()
    expect(map.has(1)).toBe(false)
  })

  test('takes the values of all CPUs', () => {
    const map = opened(PerCpuHashMap.create(options)).fill(1, 7n)
    expect(map.getAndDelete(1)).toEqual(new Array(map.cpus).fill(7n))
    expect(map.getAndDelete(1)).toBeUndefined()
  })
})

describe('a map without preallocation, and one that programs may only read', () => {
  test('are made so', () => {
    expect(numbers(4, { preallocate: false }).info().flags & 1).toBe(1)
    expect(numbers(4).info().flags & 1).toBe(0)
    expect(numbers(4, { programAccess: 'read-only' }).set(1, 1n).info().flags & 0x80).toBe(0x80)
    expect(numbers(4, { programAccess: 'write-only' }).info().flags & 0x100).toBe(0x100)
  })
})

describe('an LruHashMap', () => {
  test.each([false, true])('makes room when it is full, perCpuLists %s', (perCpuLists) => {
    const map = opened(LruHashMap.create({ name: 'lru', key: u32, value: u64, maxEntries: 512, perCpuLists }))
    for (let i = 0; i < 5000; i++) map.set(i, BigInt(i))
    expect(map.get(4999)).toBe(4999n)
    expect(map.has(0)).toBe(false)
    const entries = [...map]
    expect(entries.length).toBeGreaterThan(100)
    expect(entries.length).toBeLessThanOrEqual(map.info().maxEntries)
    for (const [key, value] of entries) expect(value).toBe(BigInt(key))
  })
})

describe('per-CPU hash tables', () => {
  test.each([
    ['PerCpuHashMap', PerCpuHashMap],
    ['LruPerCpuHashMap', LruPerCpuHashMap],
  ])('%s: a value for each CPU', (_name, table) => {
    const map = opened(table.create({ name: 'per_cpu', key: u32, value: Hits, maxEntries: 256 }))
    const values = Array.from({ length: map.cpus }, (_, cpu) => ({ packets: BigInt(cpu), bytes: BigInt(10 * cpu) }))
    map.set(1, values)
    expect(map.get(1)).toEqual(values)
    map.fill(2, { packets: 3n, bytes: 4n })
    expect(sum(map.get(2) ?? [])).toEqual({ packets: 3n * BigInt(map.cpus), bytes: 4n * BigInt(map.cpus) })
    expect(new Map(map)).toEqual(
      new Map([
        [1, values],
        [2, map.get(2)],
      ]),
    )
    expect(() => map.set(3, [])).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'value' }))
    expect(() => map.fill(3, { packets: 1n, bytes: -1n })).toThrow(
      expect.objectContaining({ argument: 'value[0].bytes', value: -1n }),
    )
    map.clear()
    expect([...map]).toEqual([])
  })

  test('values of odd sizes do not run into each other', () => {
    const map = opened(PerCpuHashMap.create({ name: 'odd', key: bytes(3), value: bytes(5), maxEntries: 300 }))
    const valuesOf = (i: number) => Array.from({ length: map.cpus }, (_, cpu) => new Uint8Array(5).fill(i + cpu))
    for (let i = 0; i < 200; i++) map.set(Uint8Array.of(i, 1, 2), valuesOf(i))
    for (const [key, values] of map) expect(values).toEqual(valuesOf(key[0] as number))
    expect([...map.keys()]).toHaveLength(200)
  })
})

test('a program and the typed map see the same bytes', async () => {
  using loaded = await load(object)
  const packet = new Uint8Array(64)
  packet.set([192, 0, 2, 1])
  const flow: Flow = { source: '192.0.2.1', sourcePort: 443, protocol: 6 }

  for (let i = 0; i < 3; i++) loaded.programs.count.testRun({ data: packet })
  expect([...loaded.maps.flows]).toEqual([[flow, { packets: 3n, bytes: 192n }]])
  loaded.maps.flows.set(flow, { packets: 10n, bytes: 0n })
  loaded.programs.count.testRun({ data: packet })
  expect(loaded.maps.flows.get(flow)).toEqual({ packets: 11n, bytes: 64n })

  const [[client, hits] = []] = loaded.maps.clients
  expect(client).toBe(0x010200c0)
  expect(sum(hits ?? [])).toEqual({ packets: 1n, bytes: 64n })
  expect(sum(loaded.maps.totals.get(1))).toEqual({ packets: 4n, bytes: 256n })
})

test('codecs of `bpf2ts` name the argument too', async () => {
  using loaded = await load(object)
  const { flows } = loaded.maps
  expect(() => flows.get({ source: '192.0.2.1', sourcePort: 443, protocol: 256 })).toThrow(
    expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'key.protocol', value: 256 }),
  )
  expect(() => flows.get(undefined as unknown as Flow)).toThrow(
    expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'key', value: undefined }),
  )
})

test('an error of a codec that is no argument error passes', () => {
  const broken: Codec<number> = {
    ...u32,
    encode() {
      throw new RangeError('out of the view')
    },
  }
  const map = opened(HashMap.create({ name: 'broken', key: broken, value: u32, maxEntries: 4 }))
  expect(() => map.get(1)).toThrow(RangeError)
})
