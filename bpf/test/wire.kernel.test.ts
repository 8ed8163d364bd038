import { loadSync } from '@millrace/core'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { contextTc } from './generated/context_tc.bpf.js'
import { packetTc } from './generated/packet_tc.bpf.js'
import { MrStatus } from './generated/packet_xdp.bpf.js'
import { tag } from './generated/tag.bpf.js'
import { makeWire } from './wire.js'

const wire = await makeWire()
afterAll(() => wire.close())

describe('a VLAN tag on the wire', () => {
  it.each([
    ['none', 0, 0, []],
    ['one, beside the packet', 0, (3 << 13) | 42, [(3 << 13) | 42]],
    ['two, the inner one in the packet', 100, 42, [42, 100]],
  ])('%s', async (_, innerTci, outerTci, tags) => {
    using tagger = loadSync(tag, { constants: { innerTci, outerTci } })
    using parser = loadSync(packetTc)
    using context = loadSync(contextTc)
    await wire.attach(wire.client, 'egress', tagger.programs.tag)
    await wire.attach(wire.server, 'ingress', parser.programs.parse)
    await wire.send(100)
    await vi.waitFor(() => {
      const { status, packet } = parser.maps.results.get(0) ?? {}
      expect(packet).toMatchObject({ ethertype: 0x0800, version: 4, protocol: 17, payloadLength: 100 })
      expect(packet?.vlans.tci.slice(0, packet.vlans.count)).toEqual(tags)
      expect(status).toBe(MrStatus.Ok)
    })

    await wire.attach(wire.server, 'ingress', context.programs.tell)
    await wire.send(100)
    const { ifindex } = wire.server.interface('eth0')
    const offloaded = { vlanOffloaded: outerTci > 0, vlanTci: outerTci }
    await vi.waitFor(() => expect(context.maps.results.get(0)).toMatchObject({ ifindex, ...offloaded }))
  })
})

describe('payload in pages', () => {
  it('is pulled as far as asked, and parsed without', async () => {
    const headers = 14 + 20 + 8
    const length = headers + 50_000
    using tagger = loadSync(tag)
    using parser = loadSync(packetTc)
    using context = loadSync(contextTc, { constants: { amount: 1000 } })
    await wire.attach(wire.client, 'egress', tagger.programs.tag)
    await wire.attach(wire.server, 'ingress', context.programs.tell)
    await wire.send(50_000)
    await vi.waitFor(() => {
      const told = context.maps.results.get(0)
      expect(told).toMatchObject({ length, linearLength: headers, pullError: 0 })
      expect(told?.pulledLength).toBeGreaterThanOrEqual(1000)
    })

    await wire.attach(wire.server, 'ingress', parser.programs.parse)
    await wire.send(50_000)
    await vi.waitFor(() =>
      expect(parser.maps.results.get(0)).toMatchObject({
        status: MrStatus.Ok,
        packet: { length, payloadOffset: headers, payloadLength: 50_000 },
      }),
    )
  })
})
