import { inspect } from 'node:util'
import { load } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { besideProgram } from '../../test/beside-program.js'
import { Cell, mapped, State } from '../../test/generated/mapped.bpf.js'
import { ArrayMap, array, bool, bytes, i32, ipv4, string, struct, u8, u16, u32, u64, u64Number } from '../index.js'

const packet = { data: new Uint8Array(64) }
const code = (name: string) => expect.objectContaining({ code: name })
const argument = (name: string, more = {}) => expect.objectContaining({ code: 'ERR_ARGUMENT', argument: name, ...more })

const Port = struct({
  packets: u64,
  errors: u32,
  up: bool,
  speeds: array(u16, 3),
  address: ipv4,
  peer: struct({ name: string(4), weight: i32 }),
})
const port = {
  packets: 2n ** 40n,
  errors: 7,
  up: true,
  speeds: [10, 100, 1000],
  address: '192.0.2.1',
  peer: { name: 'eth0', weight: -1 },
}
const create = <V>(value: Parameters<typeof ArrayMap.create<V>>[0]['value'], maxEntries = 4) =>
  ArrayMap.create({ name: 'mapped', value, maxEntries, memoryMapped: true })

afterEach(() => vi.restoreAllMocks())

describe.each([
  ['in place', false],
  ['by copying, where JavaScript may have no buffer over other memory', true],
])('a view %s', (_how, isCopying) => {
  const make: typeof create = (value, maxEntries) => {
    const refused = { errno: 95, log: '' }
    if (isCopying) vi.spyOn(nativeBinding(), 'memoryBuffer').mockReturnValue(refused)
    return create(value, maxEntries)
  }

  test('and the map are the same memory', () => {
    using map = make(Port)
    const view = map.view()
    expect([view.length, view.writable]).toEqual([4, true])
    map.set(2, port)
    expect(view.get(2)).toEqual(port)
    view.set(3, { ...port, packets: 1n }).set(0, port)
    expect(map.get(3)).toEqual({ ...port, packets: 1n })
    expect([...view]).toEqual([...map.values()])
    view.set(0, map.get(1))
    expect(map.get(0)).toEqual(map.get(1))
  })

  test('has every kind of field in place', () => {
    using map = make(Port)
    const view = map.view()
    const it = view.at(1)
    it.packets = port.packets
    it.errors = 7
    it.up = true
    it.speeds.set(0, 10).set(1, 100).set(2, 1000)
    it.address = port.address
    it.peer.name = 'eth0'
    it.peer.weight = -1
    expect(map.get(1)).toEqual(port)
    map.set(1, { ...port, packets: 3n, speeds: [1, 2, 3], peer: { name: 'a', weight: 5 } })
    expect([it.packets, it.errors, it.up, [...it.speeds], it.address]).toEqual([3n, 7, true, [1, 2, 3], '192.0.2.1'])
    expect([it.peer.name, it.peer.weight]).toEqual(['a', 5])
    it.peer = { name: 'lo', weight: 9 }
    expect(map.get(1).peer).toEqual({ name: 'lo', weight: 9 })
    expect(inspect(it)).toContain("address: '192.0.2.1'")
    expect(map.get(0)).toEqual(view.get(2))
  })

  test('has one field of all values', () => {
    using map = make(Port)
    map.set(3, port)
    const view = map.view()
    expect([...view.field('packets')]).toEqual([0n, 0n, 0n, port.packets])
    view.field('peer').field('weight').set(0, -7)
    view.field('speeds').field(2).set(0, 5)
    expect(map.get(0)).toMatchObject({ peer: { weight: -7 }, speeds: [0, 0, 5] })
    expect(view.field('peer').get(3)).toEqual(port.peer)
  })

  test('writes nothing of what does not fit, and says where', () => {
    using map = make(Port)
    const view = map.view()
    view.set(0, port)
    expect(() => view.set(0, { ...port, packets: 5n, errors: -1 })).toThrow(argument('value.errors', { value: -1 }))
    expect(() => view.set(0, undefined as never)).toThrow(argument('value'))
    const it = view.at(0)
    expect(() => {
      it.errors = 2 ** 32
    }).toThrow(argument('errors'))
    expect(() => {
      it.peer = { name: 'a', weight: 0.5 }
    }).toThrow(argument('peer.weight'))
    expect(() => it.speeds.set(1, 70_000)).toThrow(argument('value'))
    expect(() => view.field('speed' as never)).toThrow(/name is 'speed', .*did you mean speeds/)
    expect(() => view.field('constructor' as never)).toThrow(argument('name'))
    expect(() => view.field('speeds').field(3)).toThrow(argument('name', { value: 3 }))
    expect(() => view.field('errors').field('x' as never)).toThrow(argument('name'))
    expect(map.get(0)).toEqual(port)
  })

  test('has an end, and a beginning', () => {
    using map = make(u64)
    const view = map.view()
    for (const use of [() => view.get(4), () => view.set(4, 1n), () => view.at(4)])
      expect(use).toThrow(code('ERR_INDEX_OUT_OF_RANGE'))
    for (const index of [-1, 0.5, '0', 2 ** 32, Number.NaN, undefined]) {
      expect(() => view.get(index as never)).toThrow(argument('index'))
      expect(() => view.set(index as never, 0n)).toThrow(argument('index'))
    }
  })

  test(isCopying ? 'ends with the map' : 'outlives the map', () => {
    const map = make(Port)
    const view = map.view()
    view.set(1, port)
    map.close()
    if (isCopying) expect(() => view.get(1)).toThrow(code('ERR_CLOSED'))
    else expect(view.get(1)).toEqual(port)
  })

  test('that is read-only is not written', () => {
    using map = make(Port)
    map.freeze()
    const view = map.view()
    expect(view.writable).toBe(false)
    const it = view.at(1)
    const readOnly = expect.objectContaining({ code: 'ERR_MAP_READ_ONLY', map: 'mapped' })
    expect(() => view.set(0, port)).toThrow(readOnly)
    expect(() => view.field('errors').set(0, 1)).toThrow(readOnly)
    expect(() => it.speeds.set(0, 1)).toThrow(readOnly)
    expect(() => {
      it.errors = 1
    }).toThrow(readOnly)
    expect(() => {
      it.peer.name = 'x'
    }).toThrow(readOnly)
    expect(view.get(1)).toEqual(view.get(0))
    expect(() => map.view({ writable: true })).toThrow(code('ERR_KERNEL'))
  })
})

describe('a view of an ArrayMap', () => {
  test('stays valid when the map was closed, and the map cannot be viewed any more', () => {
    const map = create(Port)
    const view = map.view()
    const it = view.at(1)
    map.set(1, port)
    map.close()
    expect(view.get(1)).toEqual(port)
    it.errors = 8
    expect(view.field('errors').add(1, 1)).toBe(8)
    expect(it.errors).toBe(9)
    expect(() => map.view()).toThrow(code('ERR_CLOSED'))
  })

  test('is one, and another for reading only, which does not keep a map from being frozen', () => {
    using map = create(u32)
    const reader = map.view({ writable: false })
    expect(map.view({ writable: false })).toBe(reader)
    expect(() => reader.set(0, 1)).toThrow(code('ERR_MAP_READ_ONLY'))
    expect(() => reader.add(0, 1)).toThrow(code('ERR_MAP_READ_ONLY'))
    map.freeze()
    expect(map.view().writable).toBe(false)
    using other = create(u32)
    const view = other.view()
    expect(other.view()).toBe(view)
    expect(other.view({ writable: true })).toBe(view)
    expect(() => other.freeze()).toThrow(code('ERR_MAP_BUSY'))
    expect(() => other.view({ writeable: false } as never)).toThrow(/did you mean writable/)
    expect(() => other.view({ writable: 1 } as never)).toThrow(argument('options.writable'))
  })

  test.each([1, 2, 3, 5, 7, 8, 9, 12, 13, 17, 100, 4095, 4096, 5000])('of %i bytes a value', (size) => {
    using map = create(bytes(size), 3)
    const value = Uint8Array.from({ length: size }, (_, i) => i + 1)
    map.view().set(1, value)
    expect([...map.values()]).toEqual([new Uint8Array(size), value, new Uint8Array(size)])
    expect(map.view().get(1)).toEqual(value)
  })

  test('reads fields of packed structs wherever they are', () => {
    const Packed = struct({ tag: u8, big: u64, inner: struct({ a: u32, b: u64 }) }, { packed: true })
    using map = create(Packed)
    const value = { tag: 1, big: 2n ** 50n, inner: { a: 5, b: 6n } }
    map.set(1, value)
    const it = map.view().at(1)
    expect([it.big, it.inner.a, it.inner.b]).toEqual([2n ** 50n, 5, 6n])
    it.big = 3n
    it.inner.b = 2n ** 63n
    expect(map.get(1)).toEqual({ tag: 1, big: 3n, inner: { a: 5, b: 2n ** 63n } })
    expect(() => map.view().field('big').add(1, 1n)).toThrow(/at a multiple of its size/)
  })

  test('has values whose getters use it', () => {
    using map = create(struct({ a: u32, b: u32 }))
    const view = map.view()
    const value = {
      a: 1,
      get b() {
        view.set(0, { a: 8, b: 9 })
        return view.get(0).b
      },
    }
    view.set(1, value)
    expect([view.get(0), view.get(1)]).toEqual([
      { a: 8, b: 9 },
      { a: 1, b: 9 },
    ])
  })

  test('gives codecs a copy, which they may keep and write to', () => {
    const kept: DataView[] = []
    const greedy = {
      ...u64,
      integer: undefined,
      decode(view: DataView, offset: number) {
        kept.push(view)
        const value = view.getBigUint64(offset, true)
        view.setBigUint64(offset, 99n, true)
        return value
      },
    }
    using map = create(greedy)
    map.freeze()
    expect(map.view().get(0)).toBe(0n)
    expect([...map.view()]).toEqual([0n, 0n, 0n, 0n])
    kept[0]?.setUint8(0, 1)
    expect(map.get(1)).toBe(0n)
    expect(map.view().get(0)).toBe(0n)
  })

  test('has nothing to transfer to another thread', () => {
    using map = create(u64)
    const view = map.view()
    view.set(0, 5n)
    expect(structuredClone(view)).toEqual({ length: 4, writable: true })
    expect(() => structuredClone(view, { transfer: [view as never] })).toThrow(/in transferList/)
    expect(view.get(0)).toBe(5n)
  })
})

describe('atomic operations', () => {
  test.each([
    ['u64', u64, 2n ** 64n - 1n, 1n, 0n],
    ['u32', u32, 2 ** 32 - 1, 1, 0],
  ] as const)('of %s are those of C', (_name, codec, most, one, zero) => {
    using map = create<number | bigint>(codec as never)
    const view = map.view()
    expect(view.add(1, one as never)).toBe(zero)
    expect(view.add(1, -one as never)).toBe(one)
    expect(view.add(1, -one as never)).toBe(zero)
    expect(view.load(1)).toBe(most)
    expect(view.and(1, one as never)).toBe(most)
    expect(view.or(1, most as never)).toBe(one)
    expect(view.xor(1, one as never)).toBe(most)
    expect(view.exchange(1, one as never)).toBe(typeof one === 'bigint' ? (most as bigint) - 1n : (most as number) - 1)
    expect(view.compareExchange(1, zero as never, most as never)).toBe(one)
    expect(view.compareExchange(1, one as never, most as never)).toBe(one)
    expect(map.get(1)).toBe(most)
    view.store(1, zero as never)
    expect([...map.values()]).toEqual([zero, zero, zero, zero])
    expect(() => view.add(4, one as never)).toThrow(code('ERR_INDEX_OUT_OF_RANGE'))
    expect(() => view.load(4)).toThrow(code('ERR_INDEX_OUT_OF_RANGE'))
  })

  test('take signed integers too', () => {
    using map = create(i32)
    expect(map.view().add(0, -5)).toBe(0)
    expect(map.view().exchange(0, 7)).toBe(-5)
  })

  test('refuse what does not fit, and what is no integer of 32 or 64 bits', () => {
    using small = create(u32)
    for (const operand of [2 ** 32, 0.5, 1n, '1', undefined]) {
      expect(() => small.view().add(0, operand as never)).toThrow(argument('operand'))
    }
    for (const value of [-1, 2 ** 32, 1n, undefined]) {
      expect(() => small.view().exchange(0, value as never)).toThrow(/is .*, expected a value of the type u32/)
      expect(() => small.view().store(0, value as never)).toThrow(argument('value'))
      expect(() => small.view().compareExchange(0, value as never, 1)).toThrow(argument('expected'))
      expect(() => small.view().compareExchange(0, 1, value as never)).toThrow(argument('replacement'))
    }
    using big = create(u64)
    for (const operand of [2n ** 64n, -(2n ** 63n) - 1n, 1, undefined]) {
      expect(() => big.view().add(0, operand as never)).toThrow(argument('operand'))
    }
    for (const codec of [u16, u8, bool, ipv4, u64Number, Port]) {
      using map = create<unknown>(codec as never)
      const view = map.view() as { load(index: number): unknown; add(index: number, operand: unknown): unknown }
      expect(() => view.load(0)).toThrow(argument('codec'))
      expect(() => view.add(0, 1n)).toThrow(/integer of 32 or 64 bits/)
    }
    vi.spyOn(nativeBinding(), 'memoryBuffer').mockReturnValue({ errno: 95, log: '' })
    using copied = create(u32)
    expect(() => copied.view().add(0, 1)).toThrow(/a JavaScript engine that lets/)
  })
})

describe('a view beside a program', () => {
  test('agrees with it on every field of a generated struct', async () => {
    using object = await load(mapped)
    object.programs.fill.testRun(packet)
    const view = object.maps.cells.view()
    const it = view.at(3)
    expect([it.packets, it.balance, it.hits, it.delta]).toEqual([0x1122334455667788n, -5n, 0xfffffffe, -2])
    expect([it.inner.port, it.inner.flags, it.inner.kind]).toEqual([443, 5, 17])
    expect([it.address, it.name, [...it.counts]]).toEqual([0xc0000201, 'whole', [0n, 0n, 42n, 0n]])
    expect([it.ports.at(1).port, it.ports.at(0).port, it.state]).toEqual([8080, 0, State.Busy])
    expect([it.word, it.octets]).toEqual([0x04030201, new Uint8Array([1, 2, 3, 4])])
    expect(object.variables.last.view().fields.counts.get(2)).toBe(42n)

    it.inner.flags = 2
    it.inner.kind = 31
    it.ports.at(0).port = 1
    it.octets = new Uint8Array([9, 9, 9, 9])
    it.state = State.Idle
    it.counts.add(3, 2n ** 63n)
    const decoded = object.maps.cells.get(3)
    expect(decoded).toMatchObject({ inner: { port: 443, flags: 2, kind: 31 }, word: 0x09090909, state: State.Idle })
    expect(decoded.ports[0]?.port).toBe(1)
    expect(decoded.counts[3]).toBe(2n ** 63n)
    expect(Cell.places?.().inner?.[0]).toBe(24)
  })

  test('loses no update when both add at the same time', async () => {
    using object = await load(mapped)
    const cells = object.maps.cells.view()
    const packets = cells.field('packets')
    const hits = cells.field('hits')
    const total = object.variables.total.view()
    const total32 = object.variables.total32.view()
    let added = 0
    await besideProgram(object.programs.add, () => {
      packets.add(1, 1n)
      hits.add(1, 1)
      return ++added < 200_000
    })
    const runs = total.get()
    expect(runs).toBeGreaterThan(9999n)
    expect(packets.load(1)).toBe(runs + BigInt(added))
    expect(hits.load(1)).toBe(Number(runs) + added)
    expect(BigInt(total32.load())).toBe(runs)
  })

  test('takes every update once when it reads and clears', async () => {
    using object = await load(mapped)
    const packets = object.maps.cells.view().field('packets')
    let taken = 0n
    let times = 0
    await besideProgram(object.programs.add, () => {
      taken += packets.exchange(1, 0n)
      return ++times < 200_000
    })
    taken += packets.exchange(1, 0n)
    expect(taken).toBe(object.variables.total.get())
  })

  test('reads 8 bytes whole while a program writes them', async () => {
    using object = await load(mapped)
    const view = object.maps.pair.view()
    const seen = new Map<bigint, number>()
    let times = 0
    await besideProgram(object.programs.writeWhole, () => {
      const value = view.get(2)
      seen.set(value, (seen.get(value) ?? 0) + 1)
      return ++times < 200_000 || seen.size < 2
    })
    expect([...seen.keys()].sort()).toEqual([0n, 2n ** 64n - 1n])
  })
})
