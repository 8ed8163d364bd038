import { ArgumentError } from '@millrace/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as codec from './index.js'

/** Each writer with the range it takes and a reader that is the platform's own. */
const numbers = [
  ['putU8', codec.putU8, 1, 0, 0xff, (view: DataView) => view.getUint8(8)],
  ['putU16', codec.putU16, 2, 0, 0xffff, (view: DataView) => view.getUint16(8, true)],
  ['putU32', codec.putU32, 4, 0, 0xffff_ffff, (view: DataView) => view.getUint32(8, true)],
  ['putU16be', codec.putU16be, 2, 0, 0xffff, (view: DataView) => view.getUint16(8, false)],
  ['putU32be', codec.putU32be, 4, 0, 0xffff_ffff, (view: DataView) => view.getUint32(8, false)],
  ['putI8', codec.putI8, 1, -0x80, 0x7f, (view: DataView) => view.getInt8(8)],
  ['putI16', codec.putI16, 2, -0x8000, 0x7fff, (view: DataView) => view.getInt16(8, true)],
  ['putI32', codec.putI32, 4, -0x8000_0000, 0x7fff_ffff, (view: DataView) => view.getInt32(8, true)],
  ['putU64Number', codec.putU64Number, 8, 0, 2 ** 53 - 1, (view: DataView) => Number(view.getBigUint64(8, true))],
] as const

const bigints = [
  ['putU64', codec.putU64, 8, 0n, 2n ** 64n - 1n, (view: DataView) => view.getBigUint64(8, true)],
  ['putU64be', codec.putU64be, 8, 0n, 2n ** 64n - 1n, (view: DataView) => view.getBigUint64(8, false)],
  ['putI64', codec.putI64, 8, -(2n ** 63n), 2n ** 63n - 1n, (view: DataView) => view.getBigInt64(8, true)],
  ['putU128', codec.putU128, 16, 0n, 2n ** 128n - 1n, (view: DataView) => codec.getU128(view, 8)],
  ['putI128', codec.putI128, 16, -(2n ** 127n), 2n ** 127n - 1n, (view: DataView) => codec.getI128(view, 8)],
] as const

const bigintReaders = [
  ['getU64', codec.getU64, (view: DataView, offset: number) => view.getBigUint64(offset, true)],
  ['getU64be', codec.getU64be, (view: DataView, offset: number) => view.getBigUint64(offset, false)],
  ['getI64', codec.getI64, (view: DataView, offset: number) => view.getBigInt64(offset, true)],
] as const

test.each(bigintReaders)('%s reads what the platform reads, at any offset', (_name, get, platform) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), fc.nat(16), (bytes, offset) => {
      const view = new DataView(bytes.slice().buffer)
      expect(get(view, offset)).toBe(platform(view, offset))
    }),
  )
})

/** 0xaa all around, so that a byte written too many shows. */
function room(): DataView {
  return new DataView(new Uint8Array(40).fill(0xaa).buffer)
}

function expectUntouchedAround(view: DataView, size: number): void {
  const bytes = new Uint8Array(view.buffer)
  expect(bytes.subarray(0, 8).every((byte) => byte === 0xaa)).toBe(true)
  expect(bytes.subarray(8 + size).every((byte) => byte === 0xaa)).toBe(true)
}

describe.each(numbers)('%s', (_name, put, size, least, most, read) => {
  test('writes every number of its range and nothing beside it', () => {
    fc.assert(
      fc.property(fc.integer({ min: least, max: most }), (value) => {
        const view = room()
        put(view, 8, value, 'x')
        expect(read(view)).toBe(value)
        expectUntouchedAround(view, size)
      }),
    )
    for (const edge of [least, most]) {
      const view = room()
      put(view, 8, edge, 'x')
      expect(read(view)).toBe(edge)
    }
  })

  test.each([least - 1, most + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1n, '1', null, undefined, true])(
    'refuses %s with the path',
    (value) => {
      const view = room()
      expect(() => put(view, 8, value as number, 'flow.port')).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'flow.port', value }),
      )
      expectUntouchedAround(view, 0)
    },
  )
})

describe.each(bigints)('%s', (_name, put, size, least, most, read) => {
  test('writes every bigint of its range and nothing beside it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: least, max: most }), (value) => {
        const view = room()
        put(view, 8, value, 'x')
        expect(read(view)).toBe(value)
        expectUntouchedAround(view, size)
      }),
    )
    for (const edge of [least, most]) {
      const view = room()
      put(view, 8, edge, 'x')
      expect(read(view)).toBe(edge)
    }
  })

  test.each([least - 1n, most + 1n, 1, '1', null, undefined])('refuses %s with the path', (value) => {
    const view = room()
    expect(() => put(view, 8, value as bigint, 'hits.bytes')).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'hits.bytes', value }),
    )
    expectUntouchedAround(view, 0)
  })
})

test('a 128-bit integer has its low word first', () => {
  const view = room()
  codec.putU128(view, 8, 0x0123_4567_89ab_cdef_0011_2233_4455_6677n, 'x')
  expect(view.getBigUint64(8, true)).toBe(0x0011_2233_4455_6677n)
  expect(view.getBigUint64(16, true)).toBe(0x0123_4567_89ab_cdefn)
})

test('a bool is one byte, and only a boolean is one', () => {
  const view = room()
  codec.putBool(view, 8, true, 'x')
  expect([view.getUint8(8), codec.getBool(view, 8)]).toEqual([1, true])
  codec.putBool(view, 8, false, 'x')
  expect([view.getUint8(8), codec.getBool(view, 8)]).toEqual([0, false])
  view.setUint8(8, 7)
  expect(codec.getBool(view, 8)).toBe(true)
  expect(() => codec.putBool(view, 8, 1 as unknown as boolean, 'x')).toThrow(ArgumentError)
})

test('floats are written as IEEE 754, and a number too large for one is refused', () => {
  const view = room()
  fc.assert(
    fc.property(fc.float(), fc.double(), (single, double) => {
      codec.putF32(view, 8, single, 'x')
      expect(view.getFloat32(8, true)).toBe(single)
      codec.putF64(view, 8, double, 'x')
      expect(view.getFloat64(8, true)).toBe(double)
    }),
  )
  expect(() => codec.putF32(view, 8, 1e39, 'x')).toThrow(ArgumentError)
  expect(() => codec.putF64(view, 8, 1n as unknown as number, 'x')).toThrow(ArgumentError)
})

test('64 bits are read as a number, or not at all', () => {
  const view = room()
  for (const value of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]) {
    view.setBigUint64(8, BigInt(value), true)
    expect(codec.getU64Number(view, 8)).toBe(value)
  }
  for (const value of [2n ** 53n, 2n ** 64n - 1n]) {
    view.setBigUint64(8, value, true)
    expect(() => codec.getU64Number(view, 8)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', value }))
  }
})
