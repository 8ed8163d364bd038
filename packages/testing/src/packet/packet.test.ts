import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors/index.js'
import { packet } from './packet.js'
import { parsePacket } from './parse.js'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const fromHex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

describe('bytes', () => {
  it('of a TCP SYN are those of the RFCs', () => {
    const syn = packet()
      .ethernet({ source: '0a:0b:0c:0d:0e:0f', destination: '02:00:00:00:00:99' })
      .ipv4({
        source: '10.0.0.1',
        destination: '10.0.0.2',
        identification: 0x1234,
        dontFragment: true,
        dscp: 46,
        ecn: 1,
      })
      .tcp({
        ...{ sourcePort: 0x1111, destinationPort: 443, sequence: 0xdeadbeef, window: 29200, syn: true, ece: true },
        options: [
          { option: 'mss', value: 1460 },
          { option: 'windowScale', shift: 7 },
        ],
      })
    expect(hex(syn.build())).toBe(
      hex(
        fromHex(`
          020000000099 0a0b0c0d0e0f 0800
          45 b9 0030 1234 4000 40 06 13d9 0a000001 0a000002
          1111 01bb deadbeef 00000000 7042 7210 4763 0000
          02 04 05b4 03 03 07 00`),
      ),
    )
  })

  it('of QinQ have 0x88a8 outside and 0x8100 inside', () => {
    const bytes = packet()
      .ethernet()
      .vlan({ id: 0x123, priority: 5 })
      .vlan({ id: 0x456, dropEligible: true })
      .arp()
      .build()
    expect(hex(bytes.subarray(12, 22))).toBe('88a8a12381001456' + '0806')
  })

  it('of a tag can announce themselves by another type', () => {
    expect(hex(packet().ethernet().vlan({ tpid: 0x9100, id: 1 }).payload('').build().subarray(12))).toBe('9100000188b5')
  })

  it('of an IPv4 checksum are the example of Wikipedia and RFC 1071', () => {
    const header = packet().ipv4({
      ...{ source: '192.168.0.1', destination: '192.168.0.199', protocol: 17, totalLength: 115, dontFragment: true },
    })
    expect(hex(header.build())).toBe('450000730000400040 11 b861 c0a80001 c0a800c7'.replaceAll(' ', ''))
  })

  it('of a UDP checksum of 0 are written as the other 0', () => {
    const zero = packet().ipv4().udp().payload(fromHex('df8c'))
    expect(parsePacket(zero.build(), { from: 'ip' }).get('udp')).toMatchObject({
      checksum: 0xffff,
      checksumValid: true,
    })
  })

  it('of a payload and a trailer stand as they are, the trailer in no length', () => {
    const bytes = packet().ethernet().ipv4().udp().payload(Uint8Array.of(1, 2)).trailer('zz').build()
    const parsed = parsePacket(bytes)
    expect(parsed.layers.map(({ layer }) => layer)).toEqual(['ethernet', 'ipv4', 'udp', 'payload', 'trailer'])
    expect(parsed.get('ipv4')?.totalLength).toBe(30)
    expect(parsed.get('trailer')?.bytes).toEqual(new TextEncoder().encode('zz'))
  })
})

describe('what is told is written', () => {
  const told = { from: 'ip' } as const

  it.each(['ipv4', 'udp', 'tcp', 'icmp'] as const)('a wrong checksum of %s, and only that', (layer) => {
    const carrier = layer === 'ipv4' ? packet().ipv4() : packet().ipv4()[layer]()
    const right = carrier.payload('odd').build()
    const wrong = carrier.payload('odd').change(layer, { checksum: 'wrong' }).build()
    expect(parsePacket(right, told).get(layer)?.checksumValid).toBe(true)
    expect(parsePacket(wrong, told).get(layer)?.checksumValid).toBe(false)
    expect([...right].filter((byte, at) => byte !== wrong[at])).toHaveLength(2)
  })

  it('no checksum, which over IPv4 is no wrong one', () => {
    const none = { checksum: 0 }
    expect(parsePacket(packet().ipv4().udp(none).build(), told).get('udp')?.checksumValid).toBeUndefined()
    expect(parsePacket(packet().ipv6().udp(none).build(), told).get('udp')?.checksumValid).toBe(false)
  })

  it('lengths that are not so', () => {
    const bytes = packet().ipv4({ headerLength: 16, totalLength: 9 }).tcp({ headerLength: 60 }).build()
    expect(bytes).toHaveLength(40)
    expect([bytes[0], bytes[3], bytes[32]]).toEqual([0x44, 9, 0xf0])
  })

  it('a length beyond the end, which is truncated', () => {
    expect(parsePacket(packet().ipv4({ totalLength: 1500 }).udp().build(), told).truncated).toBe(true)
    expect(parsePacket(packet().ipv4().udp({ length: 9 }).build(), told).truncated).toBe(true)
    expect(parsePacket(packet().ipv6({ payloadLength: 9 }).udp().build(), told).truncated).toBe(true)
  })

  it('options that are none', () => {
    const bytes = packet()
      .ipv4({ options: [{ option: 'raw', data: Uint8Array.of(7, 99) }] })
      .tcp()
      .build()
    expect(parsePacket(bytes, told).get('ipv4')?.options).toEqual([{ option: 'raw', data: Uint8Array.of(7, 99, 0, 0) }])
  })
})

describe('what carries what', () => {
  it('a tunnel has two IP headers, each announced by the one before', () => {
    const parsed = parsePacket(packet().ethernet().ipv6().ipv4({ ttl: 7 }).ipv6().tcp().build())
    expect(parsed.layers.map(({ layer }) => layer)).toEqual(['ethernet', 'ipv6', 'ipv4', 'ipv6', 'tcp'])
    expect(parsed.get('ipv6')?.nextHeader).toBe(4)
    expect(parsed.get('ipv4')?.protocol).toBe(41)
    expect(parsed.get('ipv6', 1)?.nextHeader).toBe(6)
    expect(parsed.get('tcp')?.checksumValid).toBe(true)
  })

  it('an ICMP error quotes a packet, cut off as errors do', () => {
    const quoted = packet().ipv4({ source: '10.0.0.9' }).tcp({ sourcePort: 1234 }).payload('x'.repeat(99)).build()
    const bytes = packet()
      .ethernet()
      .ipv4()
      .icmp({ type: 3, code: 4, mtu: 1400 })
      .payload(quoted.subarray(0, 28))
      .build()
    const parsed = parsePacket(bytes)
    expect(parsed.truncated).toBe(false)
    expect(parsed.get('icmp')).toMatchObject({ mtu: 1400, checksumValid: true })
    expect(parsed.get('ipv4', 1)).toMatchObject({ source: '10.0.0.9', totalLength: 139, checksumValid: true })
    expect(parsed.layers.at(-1)).toMatchObject({ layer: 'payload', size: 8 })
  })

  it('a later fragment is plain payload, and a first one has no checksum to check', () => {
    const first = packet().ipv4({ moreFragments: true }).udp({ length: 999, checksum: 1 }).payload('12345678')
    const later = packet().ipv4({ fragmentOffset: 16, protocol: 17 }).payload('87654321')
    expect(parsePacket(first.build(), { from: 'ip' }).get('udp')?.checksumValid).toBeUndefined()
    expect(parsePacket(later.build(), { from: 'ip' }).layers.map(({ layer }) => layer)).toEqual(['ipv4', 'payload'])
    const laterV6 = packet().ipv6().fragment({ fragmentOffset: 16, nextHeader: 17 }).payload('87654321')
    expect(parsePacket(laterV6.build(), { from: 'ip' }).layers.map(({ layer }) => layer)).toEqual([
      'ipv6',
      'fragment',
      'payload',
    ])
  })

  it('a segment routing header decides the destination of the checksum', () => {
    const segments = ['2001:db8::9', '2001:db8::5']
    const routed = packet()
      .ipv6({ destination: '2001:db8::5' })
      .routing({ segments, segmentsLeft: 1 })
      .udp()
      .payload('x')
    const arrived = packet()
      .ipv6({ destination: '2001:db8::9' })
      .routing({ segments, segmentsLeft: 0 })
      .udp()
      .payload('x')
    const checksum = (it: typeof routed) => parsePacket(it.build(), { from: 'ip' }).get('udp')?.checksum
    expect(checksum(routed)).toBe(checksum(arrived))
  })
})

describe('a builder', () => {
  it('is never changed by what is built on it', () => {
    const base = packet().ethernet().ipv4()
    const before = base.build()
    base.tcp({ syn: true }).change('ipv4', { ttl: 1 }).build()
    expect(base.build()).toEqual(before)
  })

  it('changes a layer by its place among those of its name', () => {
    const changed = packet().ipv4().ipv4().udp().change('ipv4', { ttl: 9 }, 1)
    const parsed = parsePacket(changed.build(), { from: 'ip' })
    expect([parsed.get('ipv4')?.ttl, parsed.get('ipv4', 1)?.ttl]).toEqual([64, 9])
    expect(parsed.get('ipv4', 1)?.checksumValid).toBe(true)
  })

  it('of a received packet lets right checksums and lengths follow, and keeps wrong ones', () => {
    const received = packet().ethernet().ipv4({ ttl: 64 }).udp({ checksum: 0xbad }).payload('abc').build()
    const forwarded = packet(received)
      .change('ipv4', { ttl: 63 })
      .change('payload', { bytes: Uint8Array.of(1) })
    expect(forwarded.layers[1]).toEqual({ layer: 'ipv4', fields: { ttl: 63 } })
    const parsed = parsePacket(forwarded.build())
    expect(parsed.get('ipv4')).toMatchObject({ ttl: 63, totalLength: 29, checksumValid: true })
    expect(parsed.get('udp')).toMatchObject({ length: 9, checksum: 0xbad })
  })
})

describe('a value that does not fit is named', () => {
  it.each([
    ['ethernet.source', () => packet().ethernet({ source: '02:00:00' })],
    ['vlan.id', () => packet().vlan({ id: 4096 })],
    ['arp.senderAddress', () => packet().arp({ senderAddress: '::1' })],
    ['ipv4.source', () => packet().ipv4({ source: '10.0.0.256' })],
    ['ipv4.ttl', () => packet().ipv4({ ttl: -1 })],
    ['ipv4.fragmentOffset', () => packet().ipv4({ fragmentOffset: 4 })],
    ['ipv4.headerLength', () => packet().ipv4({ headerLength: 64 })],
    ['ipv4.options', () => packet().ipv4({ options: [{ option: 'raw', data: new Uint8Array(41) }] })],
    [
      'ipv4.options[0].addresses[0]',
      () => packet().ipv4({ options: [{ option: 'recordRoute', pointer: 4, addresses: ['x'] }] }),
    ],
    ['tcp.options[1].value', () => packet().tcp({ options: [{ option: 'nop' }, { option: 'mss', value: 65536 }] })],
    ['tcp.options[0]', () => packet().tcp({ options: [{ option: 'unknown', kind: 256, data: new Uint8Array(0) }] })],
    [
      'ipv4.options[0].pointer',
      () => packet().ipv4({ options: [{ option: 'recordRoute', pointer: -1, addresses: [] }] }),
    ],
    ['hopByHop.options[0].length', () => packet().hopByHop({ options: [{ option: 'padN', length: -1 }] })],
    ['hopByHop.options[0].value', () => packet().hopByHop({ options: [{ option: 'routerAlert', value: 1e5 }] })],
    ['ipv6.destination', () => packet().ipv6({ destination: 'fe80::1%eth0' })],
    ['ipv6.flowLabel', () => packet().ipv6({ flowLabel: 2 ** 20 })],
    [
      'routing.segments[1]',
      () =>
        packet()
          .ipv6()
          .routing({ segments: ['::1', '1.2.3.4'] }),
    ],
    ['hopByHop.headerLength', () => packet().hopByHop({ headerLength: 12 })],
    ['tcp.sourcePort', () => packet().ipv4().tcp({ sourcePort: 65536 })],
    ['tcp.sequence', () => packet().ipv4().tcp({ sequence: 1.5 })],
    ['tcp.checksum', () => packet().ipv4().tcp({ checksum: 65536 })],
    ['udp.length', () => packet().ipv4().udp({ length: Number.NaN })],
    ['icmpv6.target', () => packet().ipv6().icmpv6({ target: 'fe80' })],
  ] as const)('%s', (argument, make) => {
    expect(() => make().build()).toThrow(ArgumentError)
    expect(() => make().build()).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument }))
  })

  it('a layer that is not there', () => {
    expect(() => packet().ethernet().arp().change('tcp', { syn: true })).toThrow(
      "layer is 'tcp', expected one of the packet's layers ethernet, arp",
    )
  })

  it('a payload that is no bytes', () => {
    expect(() => packet().payload(5 as unknown as string)).toThrow('payload is 5, expected a Uint8Array or a string')
  })
})
