import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { getIpv4, putIpv4 } from './ipv4.js'
import { getIpv6, putIpv6 } from './ipv6.js'
import { getMac, putMac } from './mac.js'

const room = () => new DataView(new Uint8Array(32).fill(0xaa).buffer)
const bytesOf = (view: DataView, length: number) => [...new Uint8Array(view.buffer, 8, length)]

/** Text that is nearly an address: what a parser gets wrong is one character away from what it gets right. */
const nearly = (address: fc.Arbitrary<string>, characters: string) =>
  fc
    .tuple(address, fc.nat(), fc.nat(2), fc.string({ unit: fc.constantFrom(...characters), maxLength: 2 }))
    .map(([text, at, cut, insert]) => {
      const index = at % (text.length + 1)
      return text.slice(0, index) + insert + text.slice(index + cut)
    })

describe('IPv4', () => {
  test('is in network order', () => {
    const view = room()
    putIpv4(view, 8, '192.0.2.1', 'x')
    expect(bytesOf(view, 4)).toEqual([192, 0, 2, 1])
    expect(getIpv4(view, 8)).toBe('192.0.2.1')
  })

  test('every address comes back as it was', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const view = room()
        putIpv4(view, 8, address, 'x')
        expect(getIpv4(view, 8)).toBe(address)
        expect(bytesOf(view, 4)).toEqual(address.split('.').map(Number))
      }),
    )
  })

  test('accepts what Node accepts', () => {
    fc.assert(
      fc.property(nearly(fc.ipV4(), '0129.a -'), (text) => {
        const accepted = attempt(() => putIpv4(room(), 8, text, 'x'))
        expect(accepted).toBe(isIPv4(text))
      }),
      { numRuns: 2000 },
    )
  })

  test.each(['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1..2.3', '1.2.3.', '.1.2.3', '0x1.2.3.4', 16909060])(
    'refuses %j',
    (text) => {
      expect(() => putIpv4(room(), 8, text as string, 'source')).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'source', value: text }),
      )
    },
  )
})

describe('IPv6', () => {
  test.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    // RFC 5952: 4.2.2 a single zero group stays, 4.2.3 the longest run goes, the first of equals
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ])('%s is printed as %s', (text, canonical) => {
    const view = room()
    putIpv6(view, 8, text, 'x')
    expect(getIpv6(view, 8)).toBe(canonical)
  })

  test('prints as a URL does, and reads what it prints', () => {
    const zeroes = fc.constantFrom(0, 0, 0, 1, 0xffff)
    const groups = fc.array(fc.oneof(zeroes, fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(groups, (words) => {
        const view = room()
        for (const [i, word] of words.entries()) view.setUint16(8 + 2 * i, word)
        const text = getIpv6(view, 8)
        const long = words.map((word) => word.toString(16)).join(':')
        expect(new URL(`http://[${text}]`).hostname).toBe(new URL(`http://[${long}]`).hostname)
        if (!text.includes('.')) expect(`[${text}]`).toBe(new URL(`http://[${long}]`).hostname)
        const again = room()
        putIpv6(again, 8, text, 'x')
        expect(bytesOf(again, 16)).toEqual(bytesOf(view, 16))
      }),
      { numRuns: 1000 },
    )
  })

  test('accepts what Node accepts, but for zones', () => {
    fc.assert(
      fc.property(nearly(fc.ipV6(), '01f:.g'), (text) => {
        const accepted = attempt(() => putIpv6(room(), 8, text, 'x'))
        expect(accepted).toBe(isIPv6(text))
      }),
      { numRuns: 5000 },
    )
  })

  test('writes its 16 bytes and no other', () => {
    const view = room()
    putIpv6(view, 8, '2001:db8::1', 'x')
    expect(bytesOf(view, 16)).toEqual([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    expect([view.getUint8(7), view.getUint8(24)]).toEqual([0xaa, 0xaa])
  })

  test.each(['', ':', ':::', '1:2', 'fe80::1%eth0', '1::2::3', '12345::', '::1.2.3', '1:2:3:4:5:6:7:8:9', null])(
    'refuses %j',
    (text) => {
      expect(() => putIpv6(room(), 8, text as string, 'source')).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'source', value: text }),
      )
    },
  )
})

describe('MAC', () => {
  test.each([
    ['02:00:5e:10:00:01', '02:00:5e:10:00:01'],
    ['02-00-5E-10-00-0F', '02:00:5e:10:00:0f'],
  ])('%s is printed as %s', (text, canonical) => {
    const view = room()
    putMac(view, 8, text, 'x')
    expect(getMac(view, 8)).toBe(canonical)
    expect(bytesOf(view, 6)).toEqual(canonical.split(':').map((byte) => Number.parseInt(byte, 16)))
    expect([view.getUint8(7), view.getUint8(14)]).toEqual([0xaa, 0xaa])
  })

  test.each(['', '02:00:5e:10:00', '02:00:5e:10:00:01:02', '02:00-5e:10:00:01', '0g:00:5e:10:00:01', '02005e100001'])(
    'refuses %j',
    (text) => {
      expect(() => putMac(room(), 8, text, 'source')).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'source', value: text }),
      )
    },
  )
})

function attempt(action: () => void): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}
