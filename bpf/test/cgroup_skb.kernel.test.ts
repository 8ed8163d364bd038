import { load } from '@millrace/core'
import { attachCgroup } from '@millrace/socket'
import { packet, testRun } from '@millrace/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Agent } from '../../packages/socket/test/agent.js'
import { makeCgroup, type TestCgroup } from '../../packages/socket/test/cgroup.js'
import { far, makeNetwork, near } from '../../packages/socket/test/network.js'
import { cgroupSkb } from './generated/cgroup_skb.bpf.js'

const [IPPROTO_TCP, IPPROTO_UDP] = [6, 17]

const object = await load(cgroupSkb, { constants: { deniedPort: 7001 } })
const network = await makeNetwork()
let cgroup: TestCgroup
let agent: Agent
let server: Agent

beforeAll(async () => {
  cgroup = await makeCgroup()
  agent = await Agent.start({ cgroup: cgroup.path, host: network.hosts.near })
  server = await Agent.start({ host: network.hosts.far })
})
afterAll(async () => {
  await cgroup.remove()
  await network.close()
  object.close()
})

/** Packets and bytes of a protocol, of all processors. */
function counted(protocol: number) {
  const counters = object.maps.packets.get(protocol) ?? []
  const sum = (field: 'packets' | 'bytes') => counters.reduce((total, counter) => total + Number(counter[field]), 0)
  return { packets: sum('packets'), bytes: sum('bytes') }
}

describe.each([
  { field: 'ipv4', headers: 20 + 8 },
  { field: 'ipv6', headers: 40 + 8 },
] as const)('$field', ({ field, headers }) => {
  it('packets that go out are counted, with their IP header', async () => {
    using _ = attachCgroup(object.programs.egress, cgroup.path)
    const { port } = await server.do('serveUdp', { name: 'far', host: far[field] })
    object.maps.packets.clear()
    await agent.do('udp', { host: far[field], port, message: 'hello' })
    expect(counted(IPPROTO_UDP)).toEqual({ packets: 1, bytes: headers + 'hello'.length })
    await agent.do('udp', { host: far[field], port, message: 'hello' })
    expect(counted(IPPROTO_UDP).packets).toBe(2)
  })

  it('packets that come in are counted', async () => {
    using _ = attachCgroup(object.programs.ingress, cgroup.path)
    const { port } = await server.do('serveTcp', { name: 'far', host: far[field] })
    object.maps.packets.clear()
    await agent.do('tcp', { host: far[field], port })
    // SYN and ACK, and the answer.
    expect(counted(IPPROTO_TCP).packets).toBeGreaterThanOrEqual(2)
  })

  it('MR_DENY drops: what goes out fails, and what comes in is not there', async () => {
    await server.do('serveUdp', { name: 'far', host: far[field], port: 7001 })
    {
      using _ = attachCgroup(object.programs.egress, cgroup.path)
      const send = agent.do('sendUdp', { host: far[field], port: 7001 })
      await expect(send).rejects.toMatchObject({ code: 'EPERM' })
    }
    await agent.do('serveUdp', { name: 'near', host: near[field], port: 7001 })
    const ask = (timeout: number) => server.do('udp', { host: near[field], port: 7001, timeout })
    {
      using _ = attachCgroup(object.programs.ingress, cgroup.path)
      await expect(ask(300)).rejects.toMatchObject({ code: 'ABORT_ERR' })
    }
    await expect(ask(10_000)).resolves.toMatchObject({ reply: `near to ${far[field]}: hello` })
  })
})

it('MR_CONGESTED lets packets through', async () => {
  using _ = attachCgroup(object.programs.congested, cgroup.path)
  const { port } = await server.do('serveTcp', { name: 'far', host: far.ipv4 })
  await expect(agent.do('tcp', { host: far.ipv4, port })).resolves.toMatchObject({
    reply: `far to ${near.ipv4}: hello`,
  })
})

it('what is no whole packet is denied', () => {
  const udp = packet().ipv4({ source: '10.0.0.1', totalLength: 9000 }).udp({ destinationPort: 53 })
  expect(testRun(object.programs.egress, udp).action).toBe('drop')
  expect(testRun(object.programs.egress, packet().ipv4().udp({ destinationPort: 53 })).action).toBe('allow')
  expect(testRun(object.programs.egress, packet().ipv6().udp({ destinationPort: 7001 })).action).toBe('drop')
})
