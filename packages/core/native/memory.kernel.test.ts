import { afterEach, describe, expect, it } from 'vitest'
import { type Handle, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'

const native = nativeBinding()
const array = 2
const mmapable = 1 << 10
const readOnlyInPrograms = 1 << 7
const open: Handle[] = []

function keep(handle: Handle | { errno: number }): Handle {
  if (typeof handle !== 'number') throw new Error(`errno ${handle.errno}`)
  open.push(handle)
  return handle
}
const create = (valueSize: number, maxEntries: number, flags = mmapable) =>
  keep(native.mapCreate(array, 'memory', 4, valueSize, maxEntries, flags))
afterEach(() => {
  for (const handle of open.splice(0)) native.close(handle)
})

const key = (index: number) => new Uint8Array(new Uint32Array([index]).buffer)
const bytes = (...values: number[]) => new Uint8Array(values)

describe('mapped memory', () => {
  it('is the map: what one writes the other reads', () => {
    const map = create(8, 4)
    const memory = keep(native.memoryMap(map, true))
    expect(native.mapUpdate(map, key(1), bytes(1, 2, 3, 4, 5, 6, 7, 8), 0)).toBe(0)
    for (const length of [1, 2, 3, 4, 5, 7, 8]) {
      const out = new Uint8Array(length)
      expect(native.memoryRead(memory, 8, out)).toBe(0)
      expect(out).toEqual(bytes(1, 2, 3, 4, 5, 6, 7, 8).slice(0, length))
      expect(native.memoryWrite(memory, 24, out.fill(length))).toBe(0)
      const value = new Uint8Array(8)
      native.mapLookup(map, key(3), value, 0)
      expect(value.slice(0, length)).toEqual(out)
    }
  })

  it('has values 8 bytes apart, and an end', () => {
    const map = create(12, 3)
    const memory = keep(native.memoryMap(map, true))
    native.mapUpdate(map, key(2), new Uint8Array(12).fill(9), 0)
    const out = new Uint8Array(12)
    expect(native.memoryRead(memory, 32, out)).toBe(0)
    expect(out).toEqual(new Uint8Array(12).fill(9))
    expect(native.memoryRead(memory, 48, new Uint8Array(0))).toBe(0)
    expect(native.memoryRead(memory, 47, new Uint8Array(2))).toBe(-errno.EINVAL)
    expect(native.memoryWrite(memory, 48, new Uint8Array(1))).toBe(-errno.EINVAL)
    expect(native.memoryRead(memory, 2 ** 32 - 1, new Uint8Array(8))).toBe(-errno.EINVAL)
    expect(native.memoryRead(memory, -1, new Uint8Array(8))).toBe(-errno.EINVAL)
  })

  it('that is only for reading is not written', () => {
    const map = create(8, 1)
    const memory = keep(native.memoryMap(map, false))
    expect(native.memoryWrite(memory, 0, new Uint8Array(8))).toBe(-errno.EACCES)
    native.close(map)
    expect(native.memoryRead(memory, 0, new Uint8Array(8))).toBe(0)
  })

  it('of a frozen map cannot be had for writing', () => {
    const map = create(8, 1, mmapable | readOnlyInPrograms)
    expect(native.mapFreeze(map)).toBe(0)
    expect(native.memoryMap(map, true)).toEqual({ errno: errno.EPERM, log: '' })
    keep(native.memoryMap(map, false))
  })

  it('is refused where there is none, and after closing', () => {
    expect(native.memoryMap(create(8, 1, 0), true)).toEqual({ errno: errno.EOPNOTSUPP, log: '' })
    const memory = keep(native.memoryMap(create(8, 1), true))
    native.close(memory)
    expect(native.memoryRead(memory, 0, new Uint8Array(1))).toBe(-errno.EBADF)
  })

  it('is a buffer, which keeps it', () => {
    const map = create(12, 3)
    const memory = keep(native.memoryMap(map, true))
    expect(native.memoryLength(memory)).toBe(48)
    const buffer = native.memoryBuffer(memory) as ArrayBuffer
    expect(buffer.byteLength).toBe(48)
    const out = new Uint8Array(12)
    new Uint8Array(buffer)[16] = 7
    native.mapLookup(map, key(1), out, 0)
    expect(out[0]).toBe(7)
    native.close(memory)
    new Uint8Array(buffer)[17] = 8
    native.mapLookup(map, key(1), out, 0)
    expect([...out.slice(0, 2)]).toEqual([7, 8])
    expect(native.memoryBuffer(memory)).toEqual({ errno: errno.EBADF, log: '' })
    expect(native.memoryLength(memory)).toBe(-errno.EBADF)
  })

  it('has pages behind it, and none beyond', () => {
    const memory = keep(native.memoryMap(create(4096, 3), true))
    expect(native.memoryPopulate(memory, 0, 3 * 4096)).toBe(0)
    expect(native.memoryPopulate(memory, 4097, 1)).toBe(0)
    expect(native.memoryPopulate(memory, 0, 3 * 4096 + 1)).toBe(-errno.EINVAL)
    expect(native.memoryPopulate(memory, -1, 1)).toBe(-errno.EINVAL)
    expect(native.memoryPopulate(memory, 2 ** 40, 1)).toBe(-errno.EINVAL)
    native.close(memory)
    expect(native.memoryPopulate(memory, 0, 1)).toBe(-errno.EBADF)
  })

  it('is not moved to another thread', () => {
    const memory = keep(native.memoryMap(create(8, 1), true))
    const buffer = native.memoryBuffer(memory) as ArrayBuffer
    try {
      structuredClone(buffer, { transfer: [buffer] })
    } catch {}
    expect(buffer.byteLength).toBe(8)
    new BigUint64Array(buffer)[0] = 5n
    const out = new Uint8Array(8)
    native.memoryRead(memory, 0, out)
    expect(out[0]).toBe(5)
  })
})
