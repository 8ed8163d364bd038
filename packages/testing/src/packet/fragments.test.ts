import { describe, expect, it } from 'vitest'
import { packet } from './packet.js'
import { parsePacket } from './parse.js'

describe('fragments', () => {
  const content = Uint8Array.from({ length: 100 }, (_, index) => index)

  it('of IPv4 are pieces of the whole, told by the header', () => {
    const whole = packet().ethernet().ipv4({ ttl: 9 }).udp().payload(content)
    const parsed = whole.fragments(48, { identification: 77 }).map((it) => parsePacket(it.build()))
    expect(parsed.map((it) => it.get('ipv4'))).toEqual(
      [0, 48, 96].map((fragmentOffset) =>
        expect.objectContaining({
          ...{ fragmentOffset, identification: 77, ttl: 9, protocol: 17, checksumValid: true },
        }),
      ),
    )
    expect(parsed.map((it) => it.get('ipv4')?.moreFragments)).toEqual([true, true, false])
    const pieces = parsed.map((it) => it.bytes.subarray(34))
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(whole.build().subarray(34)))
  })

  it('of IPv6 have a fragment header after what every router has to see', () => {
    const whole = packet().ipv6().hopByHop().destinationOptions().tcp().payload(content)
    const [first, ...others] = whole.fragments(48).map((it) => parsePacket(it.build(), { from: 'ip' }))
    expect(first?.layers.map(({ layer }) => layer)).toEqual([
      ...['ipv6', 'hopByHop', 'fragment', 'destinationOptions', 'tcp', 'payload'],
    ])
    expect(first?.get('fragment')).toMatchObject({ fragmentOffset: 0, moreFragments: true, nextHeader: 60 })
    expect(others.map((it) => it.get('fragment'))).toMatchObject([
      { fragmentOffset: 48, moreFragments: true, nextHeader: 60 },
      { fragmentOffset: 96, moreFragments: false, nextHeader: 60 },
    ])
  })

  it('are made at the outermost IP header', () => {
    const [first] = packet().ipv4().ipv6().udp().payload(content).fragments(80)
    expect(parsePacket(first?.build() ?? expect.unreachable(), { from: 'ip' }).get('ipv4')?.moreFragments).toBe(true)
  })

  it('need a size in units of 8, and an IP header', () => {
    expect(() => packet().ipv4().udp().fragments(20)).toThrow('size is 20, expected a multiple of 8 from 8 on')
    expect(() => packet().ethernet().arp().fragments(8)).toThrow(
      "layers is [ 'ethernet', 'arp' ], expected an IP header",
    )
  })
})
