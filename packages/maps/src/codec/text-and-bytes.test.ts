import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { getBytes, putBytes, zero } from './memory.js'
import { getString, putString } from './strings.js'

const LENGTH = 200
/** Not at the start of its buffer: a view's own offset is forgotten easily. */
const room = () => new DataView(new Uint8Array(LENGTH + 40).fill(0xaa).buffer, 16)
const span = fc.record({ offset: fc.nat(8), length: fc.nat(LENGTH - 8) })

function expectUntouchedAround(view: DataView, offset: number, length: number): void {
  const bytes = new Uint8Array(view.buffer)
  const start = view.byteOffset + offset
  expect(bytes.subarray(0, start).every((byte) => byte === 0xaa)).toBe(true)
  expect(bytes.subarray(start + length).every((byte) => byte === 0xaa)).toBe(true)
}

describe('text', () => {
  test('comes back as it was, the rest of the array zeroes', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '~', 'é', '\u07ff', '€', '\uffff', '😀') })
    fc.assert(
      fc.property(text, fc.nat(8), fc.nat(12), (value, offset, more) => {
        const view = room()
        const size = Buffer.byteLength(value)
        putString(view, offset, size + more, value, 'x')
        expect(getString(view, offset, size + more)).toBe(value)
        expect(getBytes(view, offset + size, more).every((byte) => byte === 0)).toBe(true)
        expectUntouchedAround(view, offset, size + more)
      }),
    )
  })

  test.each([
    ['too long', 'eth01'],
    ['too long in UTF-8 only', 'é€'],
    ['a NUL', 'a\0b'],
    ['a NUL behind UTF-8', 'é\0'],
    ['a lone surrogate', '\ud800'],
    ['no string', 42],
  ])('refuses %s', (_what, value) => {
    expect(() => putString(room(), 0, 4, value as string, 'device')).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'device', value }),
    )
  })

  test('ends at the first NUL, and bytes that are no UTF-8 are replaced', () => {
    const view = room()
    putBytes(view, 0, 6, new Uint8Array([0x61, 0, 0x62, 0x63, 0, 0]), 'x')
    expect(getString(view, 0, 6)).toBe('a')
    putBytes(view, 0, 6, new Uint8Array([0x61, 0xff, 0x62, 0, 0x63, 0]), 'x')
    expect(getString(view, 0, 6)).toBe('a\ufffdb')
  })
})

describe('bytes', () => {
  test('are copied in and out, of any length', () => {
    fc.assert(
      fc.property(span, ({ offset, length }) => {
        const view = room()
        const bytes = Uint8Array.from({ length }, (_, i) => i)
        putBytes(view, offset, length, bytes, 'x')
        const copy = getBytes(view, offset, length)
        expect(copy).toEqual(bytes)
        expectUntouchedAround(view, offset, length)
        view.setUint8(offset, 0x55)
        expect(copy).toEqual(bytes)
      }),
    )
  })

  test.each([new Uint8Array(3), new Uint8Array(5), [1, 2, 3, 4], 'abcd'])(
    'of another length or kind are refused',
    (value) => {
      expect(() => putBytes(room(), 0, 4, value as Uint8Array, 'tag')).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'tag' }),
      )
    },
  )

  test('are zeroed, of any length', () => {
    fc.assert(
      fc.property(span, ({ offset, length }) => {
        const view = room()
        zero(view, offset, length)
        expect(getBytes(view, offset, length).every((byte) => byte === 0)).toBe(true)
        expectUntouchedAround(view, offset, length)
      }),
    )
  })
})
