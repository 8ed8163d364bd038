// The program by itself: one packet at a time, without any network.
import { type LoadedObject, load } from '@millrace/core'
import { packet, testRun } from '@millrace/testing'
import { XdpAction } from '@millrace/xdp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DropReason, firewall } from './generated/firewall.bpf.js'

const NO_HITS = { packets: 0n, bytes: 0n }
const from = (source: string) => packet().ethernet().ipv4({ source, destination: '198.51.100.10' })
const request = from('192.0.2.10').tcp({ destinationPort: 8080, syn: true })

let fw: LoadedObject<typeof firewall>
beforeEach(async () => {
  fw = await load(firewall)
})
afterEach(() => fw.close())

const verdict = (bytes: Parameters<typeof testRun>[1]) => testRun(fw.programs.firewall, bytes).action

describe('the rules', () => {
  it('let everything pass while there are none', () => {
    expect(verdict(request)).toBe('pass')
  })

  it('drop what is blocked, and count it', () => {
    const clients = { address: '192.0.2.0', prefixLength: 24 }
    fw.maps.blocked.set(clients, NO_HITS)
    expect(verdict(request)).toBe('drop')
    expect(verdict(from('192.0.3.10').tcp())).toBe('pass')
    expect(fw.maps.blocked.get(clients)).toEqual({ packets: 1n, bytes: BigInt(request.build().length) })
    fw.maps.blocked.delete(clients)
    expect(verdict(request)).toBe('pass')
  })

  it('let what is allowed pass, blocked or not', () => {
    const host = { address: '192.0.2.10', prefixLength: 32 }
    fw.maps.blocked.set({ address: '0.0.0.0', prefixLength: 0 }, NO_HITS)
    fw.maps.allowed.set(host, NO_HITS)
    expect(verdict(request)).toBe('pass')
    expect(verdict(from('192.0.2.11').udp())).toBe('drop')
    expect(fw.maps.allowed.get(host)?.packets).toBe(1n)
  })

  it('are about IPv4 alone', async () => {
    fw.close()
    fw = await load(firewall, { constants: { defaultVerdict: XdpAction.Drop } })
    expect(verdict(request)).toBe('drop')
    expect(verdict(packet().ethernet().arp())).toBe('pass')
    expect(verdict(packet().ethernet().ipv6().tcp())).toBe('pass')
  })
})

describe('what is dropped', () => {
  it('is reported with why and whereto', () => {
    fw.maps.blocked.set({ address: '192.0.2.10', prefixLength: 32 }, NO_HITS)
    verdict(request)
    verdict(from('192.0.2.10').udp({ destinationPort: 9000 }))
    verdict(from('192.0.2.10').icmp({ type: 8 }))
    verdict(from('192.0.2.10').change('ipv4', { fragmentOffset: 800, protocol: 17 }).payload('x'))
    const common = { source: '192.0.2.10', destination: '198.51.100.10', reason: DropReason.Blocked, version: 1 }
    expect(fw.maps.drops.drain()).toMatchObject([
      { ...common, protocol: 6, destinationPort: 8080 },
      { ...common, protocol: 17, destinationPort: 9000 },
      { ...common, protocol: 1, destinationPort: 0 },
      { ...common, protocol: 17, destinationPort: 0 },
    ])
  })

  it('may be malformed: cut short at any byte of its header', () => {
    const bytes = request.build()
    for (let length = 15; length < 34; length++) expect(verdict(bytes.subarray(0, length))).toBe('drop')
    expect(fw.maps.drops.drain().every(({ reason }) => reason === DropReason.Malformed)).toBe(true)
  })

  it.each([
    [0, 0, 0],
    [1, 1_000, 1_000],
    [4, 150, 350],
  ])('is reported one time in %i', async (reportEvery, least, most) => {
    fw.close()
    fw = await load(firewall, { constants: { reportEvery, defaultVerdict: XdpAction.Drop } })
    for (let i = 0; i < 1_000; i++) verdict(request)
    const events = fw.maps.drops.drain()
    expect(events.length).toBeGreaterThanOrEqual(least)
    expect(events.length).toBeLessThanOrEqual(most)
    expect(events.every(({ reason }) => reason === DropReason.Default)).toBe(true)
    const dropped = (fw.maps.counters.get(XdpAction.Drop) ?? []).reduce((sum, { packets }) => sum + packets, 0n)
    expect(dropped).toBe(1_000n)
  })
})
