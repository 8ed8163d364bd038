import { load } from '@millrace/core'
import { attachCgroup } from '@millrace/socket'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Agent } from '../../packages/socket/test/agent.js'
import { makeCgroup, type TestCgroup } from '../../packages/socket/test/cgroup.js'
import { far, makeNetwork, near } from '../../packages/socket/test/network.js'
import { sock } from './generated/sock.bpf.js'

/** enum moment of sock.bpf.c */
const moment = { create: 0, release: 1, postBind: 2, sent: 3 } as const
const [AF_INET, AF_INET6] = [2, 10]
const [SOCK_STREAM, SOCK_DGRAM] = [1, 2]
const [IPPROTO_TCP, IPPROTO_UDP] = [6, 17]

const object = await load(sock)
const { programs, maps } = object
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

const nothing = {
  family: 0,
  type: 0,
  protocol: 0,
  localIpv4: '0.0.0.0',
  remoteIpv4: '0.0.0.0',
  localIpv6: '::',
  remoteIpv6: '::',
  localPort: 0,
  remotePort: 0,
  times: 0n,
}
const seen = (which: keyof typeof moment) => maps.seen.get(moment[which])
beforeEach(() => {
  for (const index of Object.values(moment)) maps.seen.set(index, nothing)
})

describe('sock_create and sock_release', () => {
  it('see each socket once', async () => {
    using _create = attachCgroup(programs.sockCreate, cgroup.path)
    using _release = attachCgroup(programs.sockRelease, cgroup.path)
    await agent.do('bind', { host: '127.0.0.1', port: 0 })
    const socket = { ...nothing, family: AF_INET, type: SOCK_STREAM, protocol: IPPROTO_TCP, times: 1n }
    expect(seen('create')).toEqual(socket)
    await vi.waitFor(() => expect(seen('release')).toEqual(socket), { timeout: 20_000 })
    await agent.do('sendUdp', { host: '::1', port: 9 })
    expect(seen('create')).toEqual({ ...socket, family: AF_INET6, type: SOCK_DGRAM, protocol: IPPROTO_UDP, times: 2n })
  })

  it('MR_DENY lets none of this type be', async () => {
    using denying = await load(sock, { constants: { deniedType: SOCK_DGRAM } })
    using _ = attachCgroup(denying.programs.sockCreate, cgroup.path)
    await expect(agent.do('sendUdp', { host: '127.0.0.1', port: 9 })).rejects.toMatchObject({ code: 'EPERM' })
    await expect(agent.do('bind', { host: '127.0.0.1', port: 0 })).resolves.toMatchObject({ address: '127.0.0.1' })
    await expect(server.do('sendUdp', { host: '127.0.0.1', port: 9 })).resolves.toBeNull()
  })
})

describe('post_bind', () => {
  it('sees the address and port of IPv4', async () => {
    using _ = attachCgroup(programs.postBind4, cgroup.path)
    const { port } = await agent.do('bind', { host: near.ipv4, port: 0 })
    expect(port).toBeGreaterThan(0)
    expect(seen('postBind')).toMatchObject({ family: AF_INET, localIpv4: near.ipv4, localPort: port })
  })

  it('sees the address and port of IPv6', async () => {
    using _ = attachCgroup(programs.postBind6, cgroup.path)
    await agent.do('bind', { host: near.ipv6, port: 0x1234 })
    expect(seen('postBind')).toMatchObject({ family: AF_INET6, localIpv6: near.ipv6, localPort: 0x1234 })
  })
})

describe('the socket of a packet', () => {
  it('of IPv4 has both ends', async () => {
    using _ = attachCgroup(programs.sent, cgroup.path)
    const { port } = await server.do('serveTcp', { name: 'far', host: far.ipv4 })
    const { localPort } = await agent.do('tcp', { host: far.ipv4, port })
    expect(seen('sent')).toMatchObject({
      family: AF_INET,
      localIpv4: near.ipv4,
      localPort,
      remoteIpv4: far.ipv4,
      remotePort: port,
    })
  })

  it('of IPv6 has both ends', async () => {
    using _ = attachCgroup(programs.sent, cgroup.path)
    const { port } = await server.do('serveTcp', { name: 'far', host: far.ipv6 })
    const { localPort } = await agent.do('tcp', { host: far.ipv6, port })
    expect(seen('sent')).toMatchObject({
      family: AF_INET6,
      localIpv6: near.ipv6,
      localPort,
      remoteIpv6: far.ipv6,
      remotePort: port,
    })
  })
})
