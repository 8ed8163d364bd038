import { loadSync } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { verdicts } from '../../test/generated/verdicts.bpf.js'
import { packet } from '../packet/index.js'
import { testRun } from './test-run.js'

const { programs, close } = (() => {
  const object = loadSync(verdicts)
  return { programs: object.programs, close: () => object[Symbol.dispose]() }
})()
afterAll(close)

const udp = packet().ethernet().ipv4({ ttl: 64 }).udp().payload('ping')

describe('the verdict', () => {
  it.each([
    [0, 'aborted'],
    [1, 'drop'],
    [2, 'pass'],
    [3, 'tx'],
    [4, 'redirect'],
    [5, 'invalid'],
    [255, 'invalid'],
  ] as const)('%i of XDP is %s', (value, action) => {
    const destination = `${value.toString(16).padStart(2, '0')}:00:00:00:00:02`
    const result = testRun(programs.xdpVerdict, udp.change('ethernet', { destination }))
    expect(result).toMatchObject({ action, returnValue: value })
  })

  it('of tc is named as tc names it', () => {
    expect(testRun(programs.tcMark, udp).action).toBe('shot')
    expect(testRun(programs.tcMark, udp, { context: { mark: 1 } }).action).toBe('ok')
    expect(testRun(programs.tcUnspec, udp)).toMatchObject({ action: 'unspec', returnValue: 0xffff_ffff })
  })

  it('of a cgroup program is allow or drop', () => {
    expect(testRun(programs.cgroupUdp, udp).action).toBe('allow')
    expect(testRun(programs.cgroupUdp, packet().ethernet().ipv4().tcp()).action).toBe('drop')
  })
})

describe('the packet', () => {
  it('comes back decoded as the program left it', () => {
    const result = testRun(programs.xdpTtl, udp)
    expect(result.action).toBe('tx')
    expect(result.packet.get('ipv4')).toMatchObject({ ttl: 63, checksumValid: false })
    expect(result.packet.get('udp')).toMatchObject({ checksumValid: true })
    expect(result.bytes).toEqual(udp.change('ipv4', { ttl: 63, checksum: 0xf6c9 }).build())
    expect(result.durationNs).toBeGreaterThanOrEqual(0)
  })

  it('goes in as bytes, too', () => {
    expect(testRun(programs.xdpTtl, udp.build().subarray(0, 33)).action).toBe('drop')
  })

  it('is run over as often as told, and not restored', () => {
    expect(testRun(programs.xdpTtl, udp, { repeat: 10 }).packet.get('ipv4')?.ttl).toBe(54)
  })

  it('of a program that sees no Ethernet header starts with its IP header', () => {
    const { packet: after, bytes } = testRun(programs.cgroupUdp, packet().ipv4().udp().payload('ping'))
    expect(after.layers.map(({ layer }) => layer)).toEqual(['ipv4', 'udp', 'payload'])
    expect(bytes).toEqual(packet().ipv4().udp().payload('ping').build())
  })
})

describe('the context', () => {
  it('of tc goes in and comes back', () => {
    const { context } = testRun(programs.tcMark, udp, { context: { mark: 41, priority: 7, cb: [9] } })
    expect(context).toMatchObject({ mark: 42, priority: 7, cb: [9, 9, 0, 0, 0] })
  })

  it('of XDP has the interface, and metadata apart from the packet', () => {
    const loopback = 1
    const { context, bytes } = testRun(programs.xdpMetadata, udp, { context: { ingressIfindex: loopback } })
    expect(context).toEqual({ ingressIfindex: loopback, rxQueueIndex: 0, metadata: Uint8Array.of(loopback, 0, 0, 0) })
    expect(bytes).toEqual(udp.build())
  })

  it('of XDP takes metadata in', () => {
    const metadata = Uint8Array.of(1, 2, 3, 4)
    const { context } = testRun(programs.xdpVerdict, udp, { context: { metadata } })
    expect(context?.metadata).toEqual(metadata)
  })

  it('is absent unless given', () => {
    expect(testRun(programs.tcMark, udp).context).toBeUndefined()
  })
})
