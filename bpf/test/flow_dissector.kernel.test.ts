import { load } from '@millrace/core'
import { attachFlowDissector } from '@millrace/socket'
import { attachTc } from '@millrace/tc'
import { packet, testFlowDissector } from '@millrace/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Agent } from '../../packages/socket/test/agent.js'
import { far, makeNetwork } from '../../packages/socket/test/network.js'
import { flowDissector } from './generated/flow_dissector.bpf.js'

const object = await load(flowDissector)
const { programs, variables } = object
const network = await makeNetwork()
const { netns } = network.hosts.far
let sender: Agent

beforeAll(async () => {
  sender = await Agent.start({ host: network.hosts.near })
})
afterAll(async () => {
  await network.close()
  object.close()
})

describe('keys', () => {
  const ports = { sourcePort: 0x1234, destinationPort: 0x5678 }

  it('of IPv4 are in network byte order', () => {
    const udp = packet().ethernet().ipv4({ source: '10.1.2.3', destination: '192.0.2.4' }).udp(ports)
    expect(testFlowDissector(programs.dissect, udp)).toMatchObject({
      action: 'ok',
      keys: {
        networkOffset: 14,
        transportOffset: 34,
        source: '10.1.2.3',
        destination: '192.0.2.4',
        ...ports,
        protocol: 17,
        ethertype: 0x0800,
        fragment: false,
        firstFragment: false,
        encapsulated: false,
        flowLabel: 0,
      },
    })
  })

  it('of IPv6 are in network byte order', () => {
    const tcp = packet().ethernet().ipv6({ source: '2001:db8::1', destination: 'fd00::2' }).tcp(ports)
    expect(testFlowDissector(programs.dissect, tcp.build(), { repeat: 10 })).toMatchObject({
      action: 'ok',
      keys: {
        transportOffset: 54,
        source: '2001:db8::1',
        destination: 'fd00::2',
        ...ports,
        protocol: 6,
        ethertype: 0x86dd,
      },
    })
  })

  it('are not there for what has no flow', () => {
    const { action, keys } = testFlowDissector(programs.dissect, packet().ethernet().arp())
    expect(action).toBe('drop')
    expect(keys).toMatchObject({ source: undefined, destination: undefined, sourcePort: 0 })
  })

  it('tell how far the program was asked to look', () => {
    const options = { parseFirstFragment: true, stopAtEncapsulation: true }
    testFlowDissector(programs.dissect, packet().ethernet().arp(), options)
    expect(variables.flags.get()).toBe(0b101)
  })
})

describe('in its namespace', () => {
  /** Flow hashes of packets from four sockets to one. */
  async function hashes(): Promise<Set<number>> {
    const found = new Set<number>()
    for (let count = 0; count < 4; count++) {
      variables.hash.set(0)
      await sender.do('sendUdp', { host: far.ipv4, port: 9 })
      found.add(await vi.waitUntil(() => variables.hash.get() || undefined, { timeout: 20_000 }))
    }
    return found
  }

  it('the program says what is one flow', async () => {
    using _ask = attachTc(programs.ask, 'eth0', { direction: 'ingress', netns })
    expect((await hashes()).size).toBeGreaterThan(1)
    {
      variables.asked.set(0n)
      using _ = attachFlowDissector(programs.byHost, { netns })
      expect((await hashes()).size).toBe(1)
      expect(variables.asked.get()).toBeGreaterThanOrEqual(4n)
    }
    variables.asked.set(0n)
    using _elsewhere = attachFlowDissector(programs.byHost, { netns: network.hosts.near.netns })
    expect((await hashes()).size).toBeGreaterThan(1)
  })
})
