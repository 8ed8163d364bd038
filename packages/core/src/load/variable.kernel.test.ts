import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic } from '../../test/generated/basic.bpf.js'
import { frame, objectFile } from '../../test/support/objects.js'
import type { Codec } from '../codec.js'
import { ArgumentError, ClosedError } from '../errors/index.js'
import { MappedMemory } from '../memory.js'
import { RawMap } from '../raw-map.js'
import { load } from './load.js'
import type { LoadedObject } from './loaded-object.js'

let object: LoadedObject<typeof basic>
beforeAll(async () => {
  object = await load(basic)
})
afterAll(() => object.close())

describe('variables', () => {
  it('hold what the C source gives them, by type and width', () => {
    const { variables: v } = object
    expect([v.dataU8, v.dataU16, v.dataU32].map((it) => it.get())).toEqual([8, 16, 32])
    expect([v.dataI8, v.dataI16, v.dataI32].map((it) => it.get())).toEqual([-8, -16, -32])
    expect([v.dataU64.get(), v.dataI64.get()]).toEqual([64n, -64n])
    expect(v.dataBool.get()).toBe(true)
    expect(v.dataBytes.get()).toEqual(new Uint8Array([1, 2, 3, 4]))
    expect(v.dataCounter.get()).toEqual({ packets: 1n, bytes: 2n })
    expect(v.seen.get()).toBe(0n)
    expect(v.dataU8.name).toBe('data_u8')
  })

  it('are shared with the program, both ways', () => {
    const { variables: v } = object
    v.dataU8.set(100)
    v.dataU16.set(1000)
    v.dataU32.set(10_000)
    v.dataU64.set(2n ** 40n)
    v.dataI8.set(-1)
    v.dataI16.set(-300)
    v.dataI32.set(-70_000)
    v.dataI64.set(-(2n ** 40n))
    v.dataBool.set(false)
    v.dataBytes.set(new Uint8Array([255, 0, 0, 9]))
    v.dataCounter.set({ packets: 5n, bytes: 6n })
    v.seen.set(41n)
    object.programs.decide.testRun({ data: frame(77) })
    expect(v.dataU64.get()).toBe(2n ** 40n + 11_100n)
    expect(v.dataI64.get()).toBe(-(2n ** 40n) - 70_301n)
    expect(v.dataBytes.get()).toEqual(new Uint8Array([0, 0, 0, 9]))
    expect(v.dataCounter.get()).toEqual({ packets: 5n, bytes: 6n })
    expect(v.seen.get()).toBe(42n)
    expect(v.lastLength.get()).toBe(77)
  })

  it('refuse what does not fit, and name the field', () => {
    const { variables: v } = object
    expect(() => v.dataU8.set(256)).toThrow(/^data_u8 is 256, expected/)
    expect(() => v.dataU64.set(1 as never)).toThrow(/^data_u64 is 1, expected/)
    expect(() => v.dataCounter.set({ packets: -1n, bytes: 0n })).toThrow(/^data_counter\.packets is -1n, expected/)
    expect(() => v.dataBytes.set(new Uint8Array(3))).toThrow(ArgumentError)
  })

  it('are writable without a generated module', async () => {
    using untyped = await load(objectFile('basic'))
    const { data_i32, data_bool, data_counter } = untyped.variables
    data_i32?.set(-5)
    expect(data_i32?.get()).toBe(-5)
    expect(data_bool?.get()).toBe(true)
    expect(data_counter?.get()).toEqual(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]))
    expect(() => data_i32?.set(2 ** 31)).toThrow(
      /^data_i32 is 2147483648, expected an integer from -2147483648 to 2147483647/,
    )
  })
})

describe('a view of a variable', () => {
  it('has its fields in place, which the program sees', () => {
    const { variables: v } = object
    const counter = v.dataCounter.view()
    expect(v.dataCounter.view()).toBe(counter)
    v.dataBool.set(true)
    counter.fields.packets = 10n
    counter.field('bytes').set(20n)
    object.programs.decide.testRun({ data: frame(77) })
    expect(v.dataCounter.get()).toEqual({ packets: 11n, bytes: 20n })
    counter.set({ packets: 1n, bytes: 2n })
    expect(counter.get()).toEqual({ packets: 1n, bytes: 2n })
    expect(() => counter.set({ packets: 5n, bytes: -1n })).toThrow(/^value\.bytes is -1n/)
    expect(counter.get()).toEqual({ packets: 1n, bytes: 2n })
  })

  it('has atomic operations', () => {
    const seen = object.variables.seen.view()
    seen.store(5n)
    expect(seen.add(2n)).toBe(5n)
    expect(seen.and(6n)).toBe(7n)
    expect(seen.or(1n)).toBe(6n)
    expect(seen.xor(2n)).toBe(7n)
    expect(seen.compareExchange(5n, 9n)).toBe(5n)
    expect(seen.exchange(0n)).toBe(9n)
    expect(seen.load()).toBe(0n)
    expect(object.variables.dataI32.view().add(-1)).toBe(object.variables.dataI32.get() + 1)
    expect(() => object.variables.dataU16.view().add(1)).toThrow(ArgumentError)
  })

  it('stays valid when the object was closed, which the variable does not', async () => {
    const own = await load(basic)
    const view = own.variables.dataCounter.view()
    const { seen } = own.variables
    own.close()
    view.field('packets').add(5n)
    expect(view.get()).toEqual({ packets: 6n, bytes: 2n })
    expect(() => own.variables.dataCounter.get()).toThrow('the memory .data was used after it was closed')
    expect(() => seen.view()).toThrow(ClosedError)
    expect(() => seen.set(1n)).toThrow(ClosedError)
  })
})

describe('constants', () => {
  it('are read as they were loaded, and not written', async () => {
    using own = await load(basic, { constants: { threshold: 99n } })
    const { threshold, verdict } = own.constants
    expect([threshold.get(), verdict.get(), threshold.name]).toEqual([99n, 2, 'threshold'])
    expect(threshold.view().writable).toBe(false)
    const readOnly = expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' })
    expect(() => threshold.set(1n)).toThrow(readOnly)
    expect(() => threshold.view().set(1n)).toThrow(readOnly)
    expect(() => threshold.view().add(1n)).toThrow(readOnly)
    expect(() => threshold.view().store(1n)).toThrow(readOnly)
    expect(() => threshold.view().exchange(1n)).toThrow(readOnly)
    expect(() => threshold.view().compareExchange(99n, 1n)).toThrow(readOnly)
    expect(threshold.view().load()).toBe(99n)
    using untyped = await load(objectFile('basic'))
    expect(untyped.constants.threshold?.get()).toBe(60n)
    expect(untyped.constants.verdict?.view().load()).toBe(2)
  })
})

describe('MappedMemory', () => {
  it('has values in place at any aligned offset', () => {
    const u32: Codec<number> = {
      size: 4,
      alignment: 4,
      layout: ['size 4', '* u32 @0'],
      integer: 'u32',
      encode: (value, view, offset) => view.setUint32(offset, value, true),
      decode: (view, offset) => view.getUint32(offset, true),
    }
    const options = { name: 'mapped', keySize: 4, valueSize: 8, maxEntries: 4, flags: 1 << 10 }
    using map = RawMap.create({ type: 'array', ...options })
    const memory = MappedMemory.of(map)
    expect([memory.length, memory.writable]).toEqual([32, true])
    const second = memory.view(u32, 12)
    second.set(5)
    const strided = memory.array(u32, { offset: 4, length: 4, stride: 8 })
    expect([...strided]).toEqual([0, 5, 0, 0])
    expect([...memory.array(u32, { length: 8 })]).toEqual([0, 0, 0, 5, 0, 0, 0, 0])
    for (const offset of [-4, 2, 32, 0.5, '0']) {
      expect(() => memory.view(u32, offset as never)).toThrow(/^offset is .*, expected a multiple of 4 from 0 to 28/)
    }
    expect(() => memory.array(u32, { length: 9 })).toThrow(/^options.offset is 0/)
    expect(() => memory.array(u32, { length: 1, stride: 2 })).toThrow(/^options.stride is 2/)
    expect(() => memory.array(u32, { length: -1 })).toThrow(/^options.length is -1/)
    memory.close()
    expect(() => memory.view(u32)).toThrow(ClosedError)
    expect(second.get()).toBe(5)
  })

  /** BPF_F_MMAPABLE */
  const mmapable = 1 << 10

  it('reads and writes an array without system calls', () => {
    using map = RawMap.create({
      type: 'array',
      name: 'mapped',
      keySize: 4,
      valueSize: 8,
      maxEntries: 4,
      flags: mmapable,
    })
    using memory = MappedMemory.of(map)
    memory.write(8, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]))
    const value = new Uint8Array(8)
    map.lookup(new Uint8Array([1, 0, 0, 0]), value)
    expect(value).toEqual(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]))
    memory.read(8, value.fill(0))
    expect(value[7]).toBe(8)
    expect(() => memory.read(-1, value)).toThrow(/^offset is -1, expected an offset at which 8 bytes lie inside/)
    expect(() => memory.write(1 << 20, value)).toThrow(ArgumentError)
  })

  it('outlives the map that it came from', () => {
    const map = RawMap.create({
      type: 'array',
      name: 'mapped',
      keySize: 4,
      valueSize: 8,
      maxEntries: 1,
      flags: mmapable,
    })
    const memory = MappedMemory.of(map)
    map.close()
    memory.write(0, new Uint8Array(8))
    memory.close()
    memory.close()
    expect(() => memory.read(0, new Uint8Array(8))).toThrow('the memory mapped was used after it was closed')
    expect(() => MappedMemory.of(map)).toThrow('the map mapped was used after it was closed')
  })

  it('says what cannot be mapped', () => {
    using plain = RawMap.create({ type: 'array', name: 'plain', keySize: 4, valueSize: 8, maxEntries: 1 })
    expect(() => MappedMemory.of(plain)).toThrow(/map the memory of plain: .*only arrays made with BPF_F_MMAPABLE/)
    using frozen = RawMap.create({
      type: 'array',
      name: 'frozen',
      keySize: 4,
      valueSize: 8,
      maxEntries: 1,
      flags: mmapable,
    })
    frozen.freeze()
    expect(() => MappedMemory.of(frozen)).toThrow(/EPERM.*frozen ones only for reading/)
    expect(() => MappedMemory.of(frozen, { writeable: false } as never)).toThrow(/did you mean writable/)
    using memory = MappedMemory.of(frozen, { writable: false })
    memory.read(0, new Uint8Array(8))
    expect(() => memory.write(0, new Uint8Array(8))).toThrow(/EACCES/)
  })
})
