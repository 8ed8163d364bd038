import { BlockList } from 'node:net'
import { loadSync } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { type Addresses, addresses } from './generated/addresses.bpf.js'
import { Random } from './random.js'

const object = loadSync(addresses)
afterAll(() => object.close())

const blank = {
  ipv4: '0.0.0.0',
  ipv4Network: '0.0.0.0',
  ipv6: '::',
  ipv6Network: '::',
  mac: '00:00:00:00:00:00',
  otherMac: '00:00:00:00:00:00',
  prefixLength: 0,
  ipv4InPrefix: false,
  ipv4Unspecified: false,
  ipv4Loopback: false,
  ipv4Multicast: false,
  ipv4Broadcast: false,
  ipv4LinkLocal: false,
  ipv4Private: false,
  ipv6Equal: false,
  ipv6InPrefix: false,
  ipv6Unspecified: false,
  ipv6Loopback: false,
  ipv6Multicast: false,
  ipv6LinkLocal: false,
  ipv6Private: false,
  ipv6Mapped: false,
  macEqual: false,
  macMulticast: false,
  macBroadcast: false,
  macLocal: false,
}

function ask(question: Partial<Addresses>): Addresses {
  object.maps.questions.set(0, { ...blank, ...question })
  object.programs.ask.testRun({ data: new Uint8Array(64), dataOutSize: 0 })
  const answer = object.maps.questions.get(0)
  if (answer === undefined) throw new Error('an array map has every index')
  return answer
}

/** Node's own opinion. */
function contains(network: string, length: number, address: string): boolean {
  const family = address.includes(':') ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(network, length, family)
  return list.check(address, family)
}

const ipv4Of = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.')
const ipv6Of = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/(....)(?!$)/g, '$1:')

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(bytes)
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7))
  return flipped
}

describe('a prefix', () => {
  it('of IPv4 holds what agrees with it up to its length', () => {
    const random = new Random(4632)
    for (let length = 0; length <= 32; length++) {
      for (let bit = 0; bit < 32; bit++) {
        const network = random.u32()
        const ipv4 = ipv4Of((network ^ (0x80000000 >>> bit)) >>> 0)
        const answer = ask({ ipv4, ipv4Network: ipv4Of(network), prefixLength: length })
        expect(answer.ipv4InPrefix, `${ipv4} in ${ipv4Of(network)}/${length}`).toBe(bit >= length)
        expect(answer.ipv4InPrefix).toBe(contains(ipv4Of(network), length, ipv4))
      }
      expect(ask({ ipv4: '10.1.2.3', ipv4Network: '10.1.2.3', prefixLength: length }).ipv4InPrefix).toBe(true)
    }
  })

  it('of IPv6 holds what agrees with it up to its length', () => {
    const random = new Random(4291)
    for (let length = 0; length <= 128; length++) {
      for (const bit of [0, length - 1, length, 127].filter((it) => it >= 0 && it < 128)) {
        const network = random.bytes(16)
        const ipv6 = ipv6Of(flipBit(network, bit))
        const answer = ask({ ipv6, ipv6Network: ipv6Of(network), prefixLength: length })
        expect(answer.ipv6InPrefix, `${ipv6} in ${ipv6Of(network)}/${length}`).toBe(bit >= length)
        expect(answer.ipv6InPrefix).toBe(contains(ipv6Of(network), length, ipv6))
      }
      expect(ask({ ipv6: '2001:db8::1', ipv6Network: '2001:db8::1', prefixLength: length }).ipv6InPrefix).toBe(true)
    }
  })
})

describe('a kind of address', () => {
  const kinds: Record<string, readonly [field: keyof Addresses, blocks: readonly (readonly [string, number])[]]> = {
    'IPv4 unspecified': ['ipv4Unspecified', [['0.0.0.0', 32]]],
    'IPv4 loopback': ['ipv4Loopback', [['127.0.0.0', 8]]],
    'IPv4 multicast': ['ipv4Multicast', [['224.0.0.0', 4]]],
    'IPv4 broadcast': ['ipv4Broadcast', [['255.255.255.255', 32]]],
    'IPv4 link-local': ['ipv4LinkLocal', [['169.254.0.0', 16]]],
    'IPv4 private': [
      'ipv4Private',
      [
        ['10.0.0.0', 8],
        ['172.16.0.0', 12],
        ['192.168.0.0', 16],
      ],
    ],
    'IPv6 unspecified': ['ipv6Unspecified', [['::', 128]]],
    'IPv6 loopback': ['ipv6Loopback', [['::1', 128]]],
    'IPv6 multicast': ['ipv6Multicast', [['ff00::', 8]]],
    'IPv6 link-local': ['ipv6LinkLocal', [['fe80::', 10]]],
    'IPv6 private': ['ipv6Private', [['fc00::', 7]]],
    'IPv6 mapped': ['ipv6Mapped', [['::ffff:0:0', 96]]],
  }

  it.each(Object.entries(kinds))('%s, at its edges and elsewhere', (name, [field, blocks]) => {
    const random = new Random(name.length)
    const ipv4 = ['0.0.0.0', '0.0.0.1', '9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0', '126.255.255.255']
    ipv4.push('127.0.0.0', '127.255.255.255', '128.0.0.0', '169.253.255.255', '169.254.0.0', '169.254.255.255')
    ipv4.push('169.255.0.0', '172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0', '192.167.255.255')
    ipv4.push('192.168.0.0', '192.168.255.255', '192.169.0.0', '223.255.255.255', '224.0.0.0', '239.255.255.255')
    ipv4.push(
      '240.0.0.0',
      '255.255.255.254',
      '255.255.255.255',
      ...Array.from({ length: 500 }, () => ipv4Of(random.u32())),
    )
    const ipv6 = ['::', '::1', '::2', '1::1', '0:0:0:1::', 'fbff::', 'fc00::', 'fdff::1', 'fe00::', 'fe7f::', 'fe80::1']
    ipv6.push('febf::', 'fec0::', 'feff::', 'ff00::', 'ff02::1', '::ffff:10.0.0.1', '::fffe:10.0.0.1', '::1:ffff:a00:1')
    ipv6.push(...Array.from({ length: 500 }, () => ipv6Of(random.bytes(16))))
    for (const address of name.startsWith('IPv4') ? ipv4 : ipv6) {
      const inside = blocks.some(([network, length]) => contains(network, length, address))
      const answer = ask(name.startsWith('IPv4') ? { ipv4: address } : { ipv6: address })
      expect(answer[field], address).toBe(inside)
    }
  })

  it('of Ethernet is told by two bits', () => {
    const broadcast = ask({ mac: 'ff:ff:ff:ff:ff:ff' })
    expect(broadcast).toMatchObject({ macBroadcast: true, macMulticast: true, macLocal: true })
    for (let byte = 0; byte < 6; byte++) {
      const bytes = Array(6).fill('ff')
      bytes[byte] = 'fd'
      expect(ask({ mac: bytes.join(':') }).macBroadcast).toBe(false)
    }
    expect(ask({ mac: '01:00:5e:00:00:01' })).toMatchObject({ macMulticast: true, macLocal: false })
    expect(ask({ mac: '02:00:00:00:00:01' })).toMatchObject({ macMulticast: false, macLocal: true })
    expect(ask({ mac: 'fc:ff:ff:ff:ff:ff' })).toMatchObject({ macMulticast: false, macLocal: false })
  })
})

describe('equality', () => {
  it('of IPv6 addresses looks at each bit', () => {
    const random = new Random(16)
    const bytes = random.bytes(16)
    expect(ask({ ipv6: ipv6Of(bytes), ipv6Network: ipv6Of(bytes) }).ipv6Equal).toBe(true)
    for (let bit = 0; bit < 128; bit++) {
      expect(ask({ ipv6: ipv6Of(bytes), ipv6Network: ipv6Of(flipBit(bytes, bit)) }).ipv6Equal).toBe(false)
    }
  })

  it('of Ethernet addresses looks at each bit', () => {
    const macOf = (bytes: Uint8Array) =>
      Buffer.from(bytes)
        .toString('hex')
        .replace(/(..)(?!$)/g, '$1:')
    const bytes = new Random(6).bytes(6)
    expect(ask({ mac: macOf(bytes), otherMac: macOf(bytes) }).macEqual).toBe(true)
    for (let bit = 0; bit < 48; bit++) {
      expect(ask({ mac: macOf(bytes), otherMac: macOf(flipBit(bytes, bit)) }).macEqual).toBe(false)
    }
  })
})
