import fc from 'fast-check'
import { expect, test } from 'vitest'
import { getBigBits, getBits, getSignedBigBits, getSignedBits, putBits, putSignedBits } from './bits.js'

/** All 24 bytes as one integer: what a bit-field is cut out of. */
function whole(view: DataView): bigint {
  return (view.getBigUint64(16, true) << 128n) | (view.getBigUint64(8, true) << 64n) | view.getBigUint64(0, true)
}

const field = fc
  .record({ byteOffset: fc.nat(7), bitOffset: fc.nat(31), bitSize: fc.integer({ min: 1, max: 64 }) })
  .chain((at) => fc.record({ at: fc.constant(at), bits: fc.bigInt({ min: 0n, max: (1n << BigInt(at.bitSize)) - 1n }) }))

test('a field holds its bits and leaves those around it alone', () => {
  fc.assert(
    fc.property(field, fc.uint8Array({ minLength: 24, maxLength: 24 }), ({ at, bits }, background) => {
      const { byteOffset, bitOffset, bitSize } = at
      const view = new DataView(background.slice().buffer)
      const shift = BigInt(byteOffset * 8 + bitOffset)
      const mask = ((1n << BigInt(bitSize)) - 1n) << shift
      const expected = (whole(view) & ~mask) | (bits << shift)
      const signed = BigInt.asIntN(bitSize, bits)

      putBits(view, byteOffset, bitOffset, bitSize, bits, 'x')
      expect(whole(view)).toBe(expected)
      putBits(view, byteOffset, bitOffset, bitSize, 0n, 'x')
      putSignedBits(view, byteOffset, bitOffset, bitSize, signed, 'x')
      expect(whole(view)).toBe(expected)

      if (bitSize > 32) {
        expect(getBigBits(view, byteOffset, bitOffset, bitSize)).toBe(bits)
        expect(getSignedBigBits(view, byteOffset, bitOffset, bitSize)).toBe(signed)
        return
      }
      expect(getBits(view, byteOffset, bitOffset, bitSize)).toBe(Number(bits))
      expect(getSignedBits(view, byteOffset, bitOffset, bitSize)).toBe(Number(signed))
      putBits(view, byteOffset, bitOffset, bitSize, 0, 'x')
      putBits(view, byteOffset, bitOffset, bitSize, Number(bits), 'x')
      expect(whole(view)).toBe(expected)
      putSignedBits(view, byteOffset, bitOffset, bitSize, Number(signed), 'x')
      expect(whole(view)).toBe(expected)
    }),
  )
})

const view = new DataView(new ArrayBuffer(16))

test.each([
  [3, 8, 'an integer from 0 to 7'],
  [3, -1, 'an integer from 0 to 7'],
  [3, 1.5, 'an integer from 0 to 7'],
  [32, 2 ** 32, 'an integer from 0 to 4294967295'],
  [40, 1n << 40n, 'a bigint from 0n to 1099511627775n'],
  [64, 1n << 64n, 'a bigint from 0n to 18446744073709551615n'],
  [64, -1n, 'a bigint from 0n to 18446744073709551615n'],
])('an unsigned field of %i bits refuses %s', (bitSize, value, expected) => {
  expect(() => putBits(view, 0, 0, bitSize, value, 'flags.kind')).toThrow(
    expect.objectContaining({ argument: 'flags.kind', value, expected }),
  )
})

test.each([
  [3, 4, 'an integer from -4 to 3'],
  [3, -5, 'an integer from -4 to 3'],
  [40, 1n << 39n, 'a bigint from -549755813888n to 549755813887n'],
  [64, 1n << 63n, 'a bigint from -9223372036854775808n to 9223372036854775807n'],
])('a signed field of %i bits refuses %s', (bitSize, value, expected) => {
  expect(() => putSignedBits(view, 0, 0, bitSize, value, 'delta')).toThrow(
    expect.objectContaining({ argument: 'delta', value, expected }),
  )
})
