import { loadSync } from '@millrace/core'
import { packet } from '@millrace/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { packetFrags } from './generated/packet_frags.bpf.js'
import { MrStatus } from './generated/packet_xdp.bpf.js'

const object = loadSync(packetFrags)
afterAll(() => object.close())

/** @kernel 5.18 */
describe('a frame in several buffers at XDP', () => {
  const parse = (frame: Uint8Array) => {
    const { returnValue } = object.programs.parse.testRun({ data: frame, dataOutSize: 0 })
    return { verdict: returnValue, ...object.maps.results.get(0) }
  }
  const base = packet().ethernet()

  it('has the length of all of them', () => {
    const frame = base.ipv4().udp().payload(new Uint8Array(9000)).build()
    const { status, packet: found } = parse(frame)
    expect(status).toBe(MrStatus.Ok)
    expect(found).toMatchObject({ length: frame.length, payloadLength: 9000, payloadOffset: 42 })
  })

  it('is truncated where its datagram does not end in it', () => {
    const frame = base.ipv4().udp().payload(new Uint8Array(9000)).build()
    expect(parse(frame.subarray(0, frame.length - 1))).toMatchObject({ status: MrStatus.Truncated, verdict: 1 })
  })

  it('is nonlinear where its headers go beyond the first', () => {
    const long = { segments: Array(100).fill('2001:db8::1') }
    const frame = base.ipv6().routing(long).routing(long).routing(long).udp().payload('far').build()
    expect(frame.length).toBeGreaterThan(4096)
    expect(parse(frame)).toMatchObject({ status: MrStatus.Nonlinear, verdict: 1 })
  })
})
