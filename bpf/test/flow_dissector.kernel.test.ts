import { load } from '@millrace/core'
import { attachFlowDissector } from '@millrace/socket'
import { attachTc } from '@millrace/tc'
import { packet } from '@millrace/testing'
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

/** struct bpf_flow_keys of linux/bpf.h, as a test run gives it back. */
function dissect(bytes: Uint8Array) {
  const { returnValue, data } = programs.dissect.testRun({ data: bytes, dataOutSize: 64 })
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  return {
    verdict: returnValue,
    networkOffset: view.getUint16(0, true),
    transportOffset: view.getUint16(2, true),
    protocolOfAddresses: view.getUint16(4, true),
    protocol: view.getUint8(9),
    ports: [view.getUint16(12), view.getUint16(14)],
    addresses: [...data.subarray(16, 48)],
  }
}

describe('keys', () => {
  const ports = { sourcePort: 0x1234, destinationPort: 0x5678 }

  it('of IPv4 are in network byte order', () => {
    const udp = packet().ethernet().ipv4({ source: '10.1.2.3', destination: '192.0.2.4' }).udp(ports)
    expect(dissect(udp.build())).toMatchObject({
      verdict: 0,
      networkOffset: 14,
      transportOffset: 34,
      protocolOfAddresses: 0x0800,
      protocol: 17,
      ports: [0x1234, 0x5678],
    })
    expect(dissect(udp.build()).addresses.slice(0, 8)).toEqual([10, 1, 2, 3, 192, 0, 2, 4])
  })

  it('of IPv6 are in network byte order', () => {
    const tcp = packet().ethernet().ipv6({ source: '2001:db8::1', destination: 'fd00::2' }).tcp(ports)
    const keys = dissect(tcp.build())
    expect(keys).toMatchObject({
      verdict: 0,
      transportOffset: 54,
      protocolOfAddresses: 0x86dd,
      protocol: 6,
      ports: [0x1234, 0x5678],
    })
    expect(keys.addresses).toEqual([0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0), 1, 0xfd, ...Array(14).fill(0), 2])
  })

  it('are not there for what has no flow', () => {
    const BPF_DROP = 2
    expect(dissect(packet().ethernet().arp().build()).verdict).toBe(BPF_DROP)
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
