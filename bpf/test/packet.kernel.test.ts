import { packet } from '@millrace/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { MrStatus } from './generated/packet_xdp.bpf.js'
import { loadHooks } from './hooks.js'
import { parseReference } from './packet-reference.js'
import { deepest, samples, tagged, tooDeep } from './samples.js'

const hooks = loadHooks()
afterAll(() => {
  for (const hook of hooks) hook.close()
})

const base = packet().ethernet()

describe.each(hooks)('mr_parse at $name', (hook) => {
  it('finds all there is of TCP over IPv4', () => {
    const frame = base
      .vlan({ id: 7, priority: 1 })
      .ipv4({ source: '10.1.2.3', destination: '10.4.5.6', options: [{ option: 'routerAlert', value: 0 }] })
      .tcp({ sourcePort: 40001, destinationPort: 443, options: [{ option: 'mss', value: 1460 }] })
      .payload('hello')
      .trailer(new Uint8Array(3))
      .build()
    expect(hook.parse(frame)).toEqual({
      verdict: hook.verdicts.pass,
      status: MrStatus.Ok,
      length: frame.length,
      ethertype: 0x0800,
      vlans: [(1 << 13) | 7],
      version: 4,
      source: [0x0a010203, 0, 0, 0],
      destination: [0x0a040506, 0, 0, 0],
      protocol: 6,
      fragment: false,
      laterFragment: false,
      fragmentId: 0,
      hasPorts: true,
      sourcePort: 40001,
      destinationPort: 443,
      l3Offset: 18,
      l4Offset: 42,
      payloadOffset: 66,
      payloadLength: 5,
    })
    expect(hook.firstPayloadByte(frame)).toBe('h'.charCodeAt(0))
  })

  it('finds all there is of a first fragment over IPv6', () => {
    const frame = base
      .ipv6({ source: '2001:db8::1', destination: 'fe80::2' })
      .hopByHop()
      .fragment({ identification: 0xcafebabe, moreFragments: true })
      .udp({ sourcePort: 53, destinationPort: 5353, length: 4000 })
      .payload('12345678')
      .build()
    expect(hook.parse(frame)).toMatchObject({
      status: MrStatus.Ok,
      version: 6,
      source: [0x20010db8, 0, 0, 1],
      destination: [0xfe800000, 0, 0, 2],
      protocol: 17,
      fragment: true,
      laterFragment: false,
      fragmentId: 0xcafebabe,
      hasPorts: true,
      sourcePort: 53,
      destinationPort: 5353,
      l3Offset: 14,
      l4Offset: 70,
      payloadOffset: 78,
      payloadLength: 8,
    })
  })

  it('takes no ports from a later fragment', () => {
    const later = base.ipv4({ identification: 0xbeef, fragmentOffset: 1480, protocol: 17 }).payload('not a header')
    const none = { hasPorts: false, sourcePort: 0, destinationPort: 0 }
    expect(hook.parse(later.build())).toMatchObject({
      fragment: true,
      laterFragment: true,
      fragmentId: 0xbeef,
      ...none,
    })
  })

  it('leaves what is not IP alone', () => {
    const arp = hook.parse(base.arp().build())
    expect(arp).toMatchObject({ status: MrStatus.Ok, version: 0, ethertype: 0x0806, l3Offset: 14, payloadLength: 28 })
  })

  it('ends the payload of UDP where its length says', () => {
    const frame = base.ipv4().udp({ length: 10 }).payload('123456').build()
    expect(hook.parse(frame)).toMatchObject({ status: MrStatus.Ok, payloadLength: 2 })
    const long = base.ipv4().udp({ length: 15 }).payload('123456').build()
    expect(hook.parse(long)).toMatchObject({ status: MrStatus.Truncated, verdict: hook.verdicts.drop })
  })

  it('does not let a first fragment end inside the L4 header', () => {
    const tiny = base.ipv4({ moreFragments: true, protocol: 6 }).payload(new Uint8Array(8))
    expect(hook.parse(tiny.build())).toMatchObject({ status: MrStatus.Truncated, verdict: hook.verdicts.drop })
  })

  it('follows eight extension headers and two VLAN tags, and no more', () => {
    expect(hook.parse(deepest.build())).toMatchObject({ status: MrStatus.Ok, hasPorts: true })
    expect(hook.parse(tooDeep.build())).toMatchObject({ status: MrStatus.TooDeep, verdict: hook.verdicts.drop })
    const qinq = base.vlan({ id: 1 }).vlan({ id: 2 }).ipv6().udp().build()
    expect(hook.parse(qinq)).toMatchObject({ status: MrStatus.Ok, vlans: [1, 2], hasPorts: true })
    expect(hook.parse(tagged(qinq))).toMatchObject({ status: MrStatus.TooDeep, verdict: hook.verdicts.drop })
  })

  it('finds ports behind the longest header chain that eight extension headers can be', () => {
    const long = { options: [{ option: 'padN', length: 127 } as const] }
    const chain = [...Array(8)]
      .reduce<typeof base>((it) => it.destinationOptions(long), base.ipv6())
      .udp()
      .build()
    expect(chain.length).toBeGreaterThan(1000)
    expect(hook.parse(chain)).toEqual({ verdict: hook.verdicts.pass, ...parseReference(chain) })
  })

  it.each(Object.entries(samples))('%s, cut at every byte, is truncated and found as far as it goes', (_, sample) => {
    for (const frame of [sample.build(), tagged(sample.build())]) {
      const whole = hook.parse(frame)
      expect(whole).toEqual({ ...parseReference(frame), status: MrStatus.Ok, verdict: hook.verdicts.pass })
      // ARP is not parsed any further than its EtherType.
      const needed = whole.version === 0 ? whole.l3Offset : frame.length
      for (let length = hook.least(frame); length < frame.length; length++) {
        const cut = frame.subarray(0, length)
        expect(hook.parse(cut), `${length} of ${frame.length} bytes`).toEqual({
          ...parseReference(cut),
          ...(length < needed
            ? { status: MrStatus.Truncated, verdict: hook.verdicts.drop }
            : { status: MrStatus.Ok, verdict: hook.verdicts.pass }),
        })
      }
    }
  })
})
