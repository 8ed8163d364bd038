import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseChecksum, internetChecksum } from './checksum.js'

describe('the internet checksum', () => {
  it('is the one of the example in RFC 1071', () => {
    const sum = 0xddf2
    expect(internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(~sum & 0xffff)
  })

  it('counts an odd last byte as the high one', () => {
    expect(internetChecksum(Uint8Array.of(0xab))).toBe(~0xab00 & 0xffff)
  })

  it('is 0 over what it was put into, in however many parts', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(100), (bytes, half) => {
        const checksum = internetChecksum(bytes)
        const even = Math.min(bytes.length, half * 2)
        const field = Uint8Array.of(checksum >> 8, checksum & 0xff)
        expect(internetChecksum(field, bytes.subarray(0, even), bytes.subarray(even))).toBe(0)
      }),
    )
  })

  it('does not overflow over the longest packet', () => {
    expect(internetChecksum(new Uint8Array(65536).fill(0xff))).toBe(0)
  })
})

it('a wrong checksum is wrong for every right one, and never "none"', () => {
  for (let right = 0; right <= 0xffff; right++) {
    const wrong = chooseChecksum('wrong', () => right)
    // In ones' complement, 0 and 0xffff are the same.
    if (wrong % 0xffff === right % 0xffff || wrong === 0) expect.fail(`${wrong} for ${right}`)
  }
})
