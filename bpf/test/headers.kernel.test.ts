import { packet, parsePacket } from '@millrace/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { type Headers, MrStatus } from './generated/headers_xdp.bpf.js'
import { loadHooks } from './hooks.js'
import { deepest, samples, tagged, tooDeep } from './samples.js'

/** Bits of headers.seen in headers.h. */
const seen = {
  ethernet: 0x001,
  vlans: 0x002,
  arp: 0x004,
  ipv4: 0x008,
  ipv4Options: 0x010,
  ipv6: 0x020,
  ipv6Extensions: 0x040,
  tcp: 0x080,
  tcpOptions: 0x100,
  udp: 0x200,
  icmp: 0x400,
  icmpv6: 0x800,
}
const seenIpv4 = seen.ethernet | seen.vlans | seen.ipv4 | seen.ipv4Options
const seenIpv6 = seen.ethernet | seen.vlans | seen.ipv6 | seen.ipv6Extensions

/** Bits of mr_tcp_options.present in millrace/tcp.h. */
const has = { mss: 1 << 2, windowScale: 1 << 3, sackPermitted: 1 << 4, timestamps: 1 << 8 }

const hooks = loadHooks()
afterAll(() => {
  for (const hook of hooks) hook.close()
})

const base = packet().ethernet({ source: '02:00:00:00:00:0a', destination: '02:00:00:00:00:0b' })
const bytes = (...values: number[]) => Uint8Array.from(values)

describe.each(hooks)('$name', (hook) => {
  const walk = (it: { build(): Uint8Array }): Headers => hook.walk(it.build())

  it('Ethernet', () => {
    const found = hook.walk(packet().ethernet({ type: 0x88b5 }).payload('experiment').build())
    expect(found).toMatchObject({ status: MrStatus.Ok, verdict: hook.verdicts.pass, offset: 14, remaining: 10 })
    expect(walk(base.payload('x')).ethernet).toMatchObject({
      source: '02:00:00:00:00:0a',
      destination: '02:00:00:00:00:0b',
    })
    expect(found.ethernet.protocol).toBe(0x88b5)
    expect(found.seen).toBe(seen.ethernet | seen.vlans)
  })

  it('VLAN tags, none to two', () => {
    expect(walk(base.ipv4().udp()).vlans).toEqual({ tci: [0, 0], count: 0 })
    const one = walk(base.vlan({ id: 100, priority: 5 }).ipv4().udp())
    expect(one).toMatchObject({ ethertype: 0x0800, vlans: { tci: [(5 << 13) | 100, 0], count: 1 } })
    const two = walk(base.vlan({ id: 4094, dropEligible: true }).vlan({ id: 1 }).ipv6().udp())
    expect(two.ethernet.protocol).toBe(0x88a8)
    expect(two).toMatchObject({ ethertype: 0x86dd, vlans: { tci: [0x1000 | 4094, 1], count: 2 } })
  })

  it('a third VLAN tag is too deep', () => {
    const found = hook.walk(base.vlan().vlan().vlan().ipv4().udp().build())
    expect(found).toMatchObject({ status: MrStatus.TooDeep, verdict: hook.verdicts.drop, seen: seen.ethernet })
  })

  it('ARP', () => {
    const addresses = { senderAddress: '10.0.0.1', targetMac: '02:00:00:00:00:02', targetAddress: '10.0.0.2' }
    const found = walk(base.arp({ operation: 2, senderMac: '02:00:00:00:00:01', ...addresses }))
    expect(found.seen).toBe(seen.ethernet | seen.vlans | seen.arp)
    expect(found.arp).toEqual({
      hardwareType: 1,
      protocolType: 0x0800,
      hardwareLength: 6,
      protocolLength: 4,
      operation: 2,
      senderMac: '02:00:00:00:00:01',
      sender: '10.0.0.1',
      targetMac: '02:00:00:00:00:02',
      target: '10.0.0.2',
    })
  })

  it.each([{ hardwareType: 6 }, { protocolType: 0x86dd }, { hardwareSize: 8 }, { protocolSize: 16 }])(
    'ARP that is not for IPv4 over Ethernet is malformed: %o',
    (fields) => {
      expect(walk(base.arp(fields))).toMatchObject({ status: MrStatus.Malformed, seen: seen.ethernet | seen.vlans })
    },
  )

  it('IPv4', () => {
    const fields = { dscp: 46, ecn: 1, identification: 0x1234, dontFragment: true, ttl: 3, protocol: 89 }
    const addresses = { source: '192.0.2.77', destination: '198.51.100.3' }
    const datagram = base.ipv4({ ...fields, ...addresses }).payload('1234')
    const found = walk(datagram)
    expect(found).toMatchObject({ status: MrStatus.Ok, seen: seenIpv4, protocol: 89, offset: 34, remaining: 4 })
    expect(found.ipv4).toEqual({
      versionIhl: 0x45,
      tos: (46 << 2) | 1,
      length: 24,
      id: 0x1234,
      fragment: 0x4000,
      ttl: 3,
      protocol: 89,
      checksum: parsePacket(datagram.build()).get('ipv4')?.checksum,
      ...addresses,
    })
  })

  it('IPv4 options', () => {
    const routed = { pointer: 4, addresses: ['192.0.2.1'] }
    const bitOf = (options: NonNullable<Parameters<typeof base.ipv4>[0]>['options']) =>
      walk(base.ipv4({ options }).udp()).ipv4Options
    expect(bitOf([])).toBe(0)
    expect(bitOf([{ option: 'nop' }, { option: 'nop' }, { option: 'end' }])).toBe(0)
    expect(bitOf([{ option: 'recordRoute', ...routed }])).toBe(1 << 7)
    expect(bitOf([{ option: 'looseSourceRoute', ...routed }])).toBe(1 << 3)
    expect(bitOf([{ option: 'strictSourceRoute', ...routed }])).toBe(1 << 9)
    expect(bitOf([{ option: 'unknown', type: 68, data: bytes(5, 0) }])).toBe(1 << 4)
    expect(bitOf([{ option: 'nop' }, { option: 'routerAlert', value: 0 }])).toBe(1 << 20)
    expect(
      bitOf([
        { option: 'routerAlert', value: 0 },
        { option: 'recordRoute', ...routed },
      ]),
    ).toBe((1 << 20) | (1 << 7))
    // What is behind the end is padding.
    expect(bitOf([{ option: 'raw', data: bytes(0, 7, 3, 0) }])).toBe(0)
    expect(bitOf([{ option: 'raw', data: new Uint8Array(40).fill(1) }])).toBe(0)
    expect(bitOf([{ option: 'raw', data: bytes(...Array(37).fill(1), 148, 3, 0) }])).toBe(1 << 20)
  })

  it.each([
    ['shorter than its own head', [7, 1, 1, 1]],
    ['of length 0', [7, 0, 1, 1]],
    ['longer than the header', [7, 5, 0, 0]],
    ['without a length', [1, 1, 1, 7]],
    ['in the last of forty bytes without a length', [...Array(39).fill(1), 7]],
  ])('an IPv4 option that is %s is malformed', (_, data) => {
    const found = walk(base.ipv4({ options: [{ option: 'raw', data: bytes(...data) }] }).udp())
    expect(found).toMatchObject({ status: MrStatus.Malformed, seen: seenIpv4 & ~seen.ipv4Options })
  })

  it.each([
    { version: 6 },
    { version: 0 },
    { headerLength: 16 },
    { headerLength: 0 },
    { totalLength: 19 },
    { totalLength: 0 },
  ])('an IPv4 header with %o is malformed', (fields) => {
    const found = hook.walk(base.ipv4(fields).udp().build())
    expect(found).toMatchObject({ status: MrStatus.Malformed, verdict: hook.verdicts.drop })
    expect(found.seen).toBe(seen.ethernet | seen.vlans)
  })

  it('IPv6', () => {
    const addresses = { source: '2001:db8::77', destination: 'ff02::1' }
    const found = walk(base.ipv6({ dscp: 46, ecn: 2, flowLabel: 0xabcde, hopLimit: 255, ...addresses, nextHeader: 59 }))
    expect(found).toMatchObject({ status: MrStatus.Ok, seen: seenIpv6, protocol: 59, offset: 54, remaining: 0 })
    expect(found.ipv6).toEqual({
      versionClassLabel: (0x60000000 | (((46 << 2) | 2) << 20) | 0xabcde) >>> 0,
      payloadLength: 0,
      nextHeader: 59,
      hopLimit: 255,
      ...addresses,
    })
    expect(walk(base.ipv6({ version: 4 }).udp())).toMatchObject({ status: MrStatus.Malformed })
  })

  it('IPv6 extension headers', () => {
    const far = walk(samples['ipv6 extension headers'] ?? base)
    expect(far).toMatchObject({ status: MrStatus.Ok, seen: seenIpv6 | seen.udp, protocol: 17 })
    expect(far.fragment).toEqual({ id: 0, offset: 0, more: false, present: false })
    expect(walk(deepest)).toMatchObject({ status: MrStatus.Ok, seen: seenIpv6 | seen.udp })
    expect(walk(tooDeep)).toMatchObject({ status: MrStatus.TooDeep, seen: seenIpv6 & ~seen.ipv6Extensions })
  })

  it('IPv6 fragments', () => {
    const fragment = base.ipv6().fragment({ identification: 0xdeadbeef, fragmentOffset: 1448, nextHeader: 17 })
    const found = walk(fragment.payload('rest'))
    expect(found).toMatchObject({ status: MrStatus.Ok, seen: seenIpv6, protocol: 17, remaining: 4 })
    expect(found.fragment).toEqual({ id: 0xdeadbeef, offset: 1448, more: false, present: true })
    const first = walk(base.ipv6().fragment({ identification: 1, moreFragments: true }).udp())
    expect(first).toMatchObject({ seen: seenIpv6 | seen.udp, fragment: { offset: 0, more: true, present: true } })
    const twice = walk(base.ipv6().fragment().fragment().udp())
    expect(twice).toMatchObject({ status: MrStatus.Malformed, seen: seenIpv6 & ~seen.ipv6Extensions })
  })

  it('hop-by-hop options stand first or are malformed', () => {
    expect(walk(base.ipv6().hopByHop().udp())).toMatchObject({ status: MrStatus.Ok })
    expect(walk(base.ipv6().destinationOptions().hopByHop().udp())).toMatchObject({ status: MrStatus.Malformed })
  })

  it('an authentication header counts in 32-bit words, of which it has at least three', () => {
    expect(walk(samples['ipv6 authentication'] ?? base)).toMatchObject({ status: MrStatus.Ok, offset: 54 + 24 + 8 })
    const short = base.ipv6({ nextHeader: 51 }).payload(bytes(17, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0, 0))
    expect(walk(short)).toMatchObject({ status: MrStatus.Malformed })
  })

  it('TCP', () => {
    const ports = { sourcePort: 54321, destinationPort: 443 }
    const numbers = { sequence: 0xfedcba98, acknowledgement: 0x01234567, window: 502, urgentPointer: 9 }
    const segment = base
      .ipv4()
      .tcp({ ...ports, ...numbers, cwr: true, urg: true, ack: true, fin: true })
      .payload('abc')
    const found = walk(segment)
    expect(found).toMatchObject({ status: MrStatus.Ok, seen: seenIpv4 | seen.tcp | seen.tcpOptions, remaining: 3 })
    expect(found.tcp).toEqual({
      source: 54321,
      destination: 443,
      sequence: 0xfedcba98,
      acknowledgement: 0x01234567,
      offset: 0x50,
      flags: 0xb1,
      window: 502,
      checksum: parsePacket(segment.build()).get('tcp')?.checksum,
      urgent: 9,
    })
    expect(found.tcpOptions).toEqual({ timestamp: 0, timestampEcho: 0, present: 0, mss: 0, windowScale: 0 })
    expect(walk(base.ipv4().tcp({ headerLength: 16 }))).toMatchObject({ status: MrStatus.Malformed, seen: seenIpv4 })
  })

  it('TCP options, wherever they stand', () => {
    expect(walk(samples['tcp with every option'] ?? base).tcpOptions).toEqual({
      timestamp: 0x01020304,
      timestampEcho: 0x05060708,
      present: has.mss | has.windowScale | has.sackPermitted | has.timestamps,
      mss: 1460,
      windowScale: 7,
    })
    for (let nops = 0; nops <= 36; nops++) {
      const data = bytes(...Array(nops).fill(1), 2, 4, 0x05, 0xb4)
      const found = walk(base.ipv6().tcp({ options: [{ option: 'raw', data }] }))
      expect(found).toMatchObject({ status: MrStatus.Ok, tcpOptions: { present: has.mss, mss: 0x05b4 } })
    }
  })

  it('TCP options of unknown kind or of another length than theirs count as absent', () => {
    const options = (...data: number[]) =>
      walk(base.ipv4().tcp({ options: [{ option: 'raw', data: bytes(...data) }] })).tcpOptions
    expect(options(2, 3, 9, 4, 2, 0)).toMatchObject({ present: has.sackPermitted, mss: 0 })
    expect(options(254, 4, 0, 0, 3, 3, 14)).toMatchObject({ present: has.windowScale, windowScale: 14 })
    expect(options(8, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2)).toMatchObject({ timestamp: 1, timestampEcho: 2 })
    expect(options(18, 2, 34, 2, 19, 2)).toMatchObject({ present: 0 })
    expect(options(2, 4, 1, 0, 2, 4, 2, 0)).toMatchObject({ present: has.mss, mss: 512 })
  })

  it.each([
    ['of length 1', [2, 1, 0, 0]],
    ['longer than the header', [2, 6, 0, 0]],
    ['without a length', [1, 1, 1, 2]],
    ['in the last of forty bytes without a length', [...Array(39).fill(1), 2]],
  ])('a TCP option %s is malformed', (_, data) => {
    const found = hook.walk(
      base
        .ipv4()
        .tcp({ options: [{ option: 'raw', data: bytes(...data) }] })
        .build(),
    )
    expect(found).toMatchObject({ status: MrStatus.Malformed, verdict: hook.verdicts.drop, seen: seenIpv4 | seen.tcp })
  })

  it('UDP', () => {
    const found = walk(base.ipv6().udp({ sourcePort: 5353, destinationPort: 53, checksum: 0xabcd }).payload('12345'))
    expect(found).toMatchObject({ status: MrStatus.Ok, seen: seenIpv6 | seen.udp, remaining: 5 })
    expect(found.udp).toEqual({ source: 5353, destination: 53, length: 13, checksum: 0xabcd })
    expect(walk(base.ipv4().udp({ length: 7 }))).toMatchObject({ status: MrStatus.Malformed, seen: seenIpv4 })
  })

  it('ICMP', () => {
    const echo = walk(base.ipv4().icmp({ type: 8, identifier: 0x1234, sequence: 7, checksum: 0xabcd }))
    expect(echo).toMatchObject({ status: MrStatus.Ok, seen: seenIpv4 | seen.icmp })
    expect(echo.icmp).toMatchObject({ type: 8, code: 0, checksum: 0xabcd, echo: { id: 0x1234, sequence: 7 } })
    expect(walk(base.ipv4().icmp({ type: 3, code: 4, mtu: 1400 })).icmp).toMatchObject({ type: 3, code: 4, mtu: 1400 })
    expect(walk(base.ipv4().icmp({ type: 5, gateway: '192.0.2.254' })).icmp).toMatchObject({ gateway: '192.0.2.254' })
  })

  it('ICMPv6', () => {
    const echo = walk(base.ipv6().icmpv6({ type: 129, identifier: 0x1234, sequence: 7, checksum: 0xabcd }))
    expect(echo).toMatchObject({ status: MrStatus.Ok, seen: seenIpv6 | seen.icmpv6 })
    expect(echo.icmpv6).toMatchObject({ type: 129, code: 0, checksum: 0xabcd, echo: { id: 0x1234, sequence: 7 } })
    expect(walk(base.ipv6().icmpv6({ type: 2, mtu: 1280 })).icmpv6).toMatchObject({ type: 2, mtu: 1280 })
    expect(walk(base.ipv6().icmpv6({ type: 4, pointer: 40 })).icmpv6).toMatchObject({ pointer: 40 })
  })

  it('padding of a short frame is not part of the datagram', () => {
    const found = walk(base.ipv4().udp().payload('ab').trailer(new Uint8Array(16)))
    expect(found).toMatchObject({ status: MrStatus.Ok, remaining: 2 })
    // A header may not reach into it either.
    expect(walk(base.ipv4({ protocol: 6 }).trailer(new Uint8Array(40)))).toMatchObject({ status: MrStatus.Truncated })
  })

  it.each(Object.entries(samples))('%s, cut at every byte, is truncated', (_, sample) => {
    for (const frame of [sample.build(), tagged(sample.build())]) {
      expect(hook.walk(frame)).toMatchObject({ status: MrStatus.Ok, verdict: hook.verdicts.pass })
      for (let length = hook.least(frame); length < frame.length; length++) {
        expect(hook.walk(frame.subarray(0, length)), `${length} of ${frame.length} bytes`).toMatchObject({
          status: MrStatus.Truncated,
          verdict: hook.verdicts.drop,
        })
      }
    }
  })
})
