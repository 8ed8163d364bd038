import { describe, expect, it } from 'vitest'
import { PacketMismatchError } from '../errors/index.js'
import { packet, parsePacket } from '../packet/index.js'
import { assertPacket } from './assert-packet.js'
import { diffPackets } from './diff-packets.js'

const sent = packet().ethernet().ipv4({ ttl: 64 }).udp()

describe('the difference of two packets', () => {
  it('is undefined when there is none, in whatever form they come', () => {
    expect(diffPackets(sent, sent.build())).toBeUndefined()
    expect(diffPackets(parsePacket(sent.build()), sent)).toBeUndefined()
  })

  it('shows the fields side by side and marks the bytes', () => {
    expect(diffPackets(sent, sent.change('ipv4', { ttl: 63 }))).toBe(
      `
layer     field     actual  expected
ethernet  same
ipv4      ttl       64      63
          checksum  0xf6cd  0xf7cd
udp       same

0010  00 1c 00 00 00 00 40 11 f6 cd c0 00 02 01 c0 00  actual
      00 1c 00 00 00 00 3f 11 f7 cd c0 00 02 01 c0 00  expected
                        ^^    ^^`.trimStart(),
    )
  })

  it('shows a header that was pushed as one more', () => {
    const encapsulated = packet().ethernet().ipv4().ipv4().udp()
    const rows = diffPackets(encapsulated, sent)?.split('\n') ?? []
    expect(rows.slice(1, 7).map((row) => row.split(/ {2,}/))).toEqual([
      ['ethernet', 'same'],
      ['ipv4', 'protocol', '4', '17'],
      ['', 'totalLength', '48', '28'],
      ['', 'checksum', '0xf6c6', '0xf6cd'],
      ['ipv4', 'there', 'missing'],
      ['udp', 'same'],
    ])
  })

  it('tells a wrong checksum from a right one', () => {
    expect(diffPackets(sent.change('udp', { checksum: 'wrong' }), sent)).toMatch(
      /udp +checksum +0xcda4 \(wrong\) +0xdf90\n/,
    )
  })

  it('sees what fields do not show', () => {
    const reserved = packet().ipv6().fragment().payload('x').build()
    const other = Uint8Array.from(reserved)
    other[41] = 1
    const diff = diffPackets(other, reserved, { from: 'ip' })
    expect(diff).toMatch(/fragment +same\n/)
    expect(diff).toContain('^^')
  })

  it('sees beyond the part of a payload that is shown', () => {
    const long = (end: string) => sent.payload('x'.repeat(100) + end)
    expect(diffPackets(long('a'), long('b'), { ignore: ['udp.checksum'] })).toMatch(/payload +bytes/)
  })

  it('leaves out what is ignored', () => {
    const other = sent.change('ipv4', { identification: 9, ttl: 63 })
    expect(diffPackets(other, sent, { ignore: ['ipv4.identification', 'ipv4.ttl', 'ipv4.checksum'] })).toBeUndefined()
    expect(diffPackets(other, sent, { ignore: ['ipv4.identification', 'ipv4.checksum'] })).toMatch(/ttl +63 +64/)
  })
})

describe('an expectation', () => {
  it('is silent when met', () => {
    expect(() => assertPacket(sent.build(), sent)).not.toThrow()
  })

  it('throws with the difference, at the line of the caller', () => {
    const failing = () => assertPacket(sent, sent.change('ipv4', { ttl: 63 }))
    expect(failing).toThrow(PacketMismatchError)
    try {
      failing()
    } catch (error) {
      const { message, diff, stack } = error as PacketMismatchError
      expect(message).toContain(diff)
      expect(stack).toMatch(/^ +at failing .*diff-packets\.test\.ts/m)
      expect(stack).not.toContain('assertPacket (')
    }
  })
})
