import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors/index.js'
import { codecOf, type UntypedValue } from './layout-codec.js'

function roundTrip(type: string, size: number, value: UntypedValue): { bytes: number[]; value: UntypedValue } {
  const codec = codecOf([`size ${size}`, `* ${type} @0`], size)
  const bytes = new Uint8Array(size + 2)
  const view = new DataView(bytes.buffer)
  codec.encode(value, view, 1)
  return { bytes: [...bytes.subarray(1, size + 1)], value: codec.decode(view, 1) }
}

describe('codecOf', () => {
  it.each([
    ['u8', 1, 255, [255]],
    ['u16', 2, 0x1234, [0x34, 0x12]],
    ['u32', 4, 0x1234_5678, [0x78, 0x56, 0x34, 0x12]],
    ['u64', 8, 0x0102n, [2, 1, 0, 0, 0, 0, 0, 0]],
    ['i8', 1, -2, [254]],
    ['i16', 2, -2, [254, 255]],
    ['i32', 4, -2, [254, 255, 255, 255]],
    ['i64', 8, -2n, [254, 255, 255, 255, 255, 255, 255, 255]],
    ['be16', 2, 0x1234, [0x12, 0x34]],
    ['be32', 4, 0x1234_5678, [0x12, 0x34, 0x56, 0x78]],
    ['be64', 8, 0x0102n, [0, 0, 0, 0, 0, 0, 1, 2]],
    ['bool8', 1, true, [1]],
    ['f64', 8, -2.5, [0, 0, 0, 0, 0, 0, 4, 192]],
  ])('writes and reads %s', (type, size, value, bytes) => {
    expect(roundTrip(type, size, value)).toEqual({ bytes, value })
  })

  it('hands structs and arrays out as bytes, copied', () => {
    const codec = codecOf(['size 2', '*[2] u8 @0'], 2)
    const view = new DataView(new ArrayBuffer(2))
    codec.encode(new Uint8Array([1, 2]), view, 0)
    const out = codec.decode(view, 0)
    view.setUint8(0, 9)
    expect(out).toEqual(new Uint8Array([1, 2]))
  })

  it.each([
    ['u8', 256],
    ['u8', -1],
    ['u8', 1.5],
    ['u8', 1n],
    ['i16', 32768],
    ['u64', 1],
    ['u64', -1n],
    ['u64', 2n ** 64n],
    ['i64', 2n ** 63n],
    ['bool8', 1],
    ['f32', '1'],
    ['u128', new Uint8Array(15)],
  ])('refuses %s for %s', (type, value) => {
    const size = Math.max(Number(/\d+$/.exec(type)?.[0]) / 8, 1)
    expect(() => roundTrip(type, size, value as UntypedValue)).toThrow(ArgumentError)
  })
})
