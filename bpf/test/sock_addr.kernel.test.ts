import { load } from '@millrace/core'
import { attachCgroup } from '@millrace/socket'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Agent } from '../../packages/socket/test/agent.js'
import { makeCgroup, type TestCgroup } from '../../packages/socket/test/cgroup.js'
import { far, makeNetwork, near } from '../../packages/socket/test/network.js'
import { sockAddr } from './generated/sock_addr.bpf.js'

/** enum call of sock_addr.bpf.c */
const call = { connect: 0, bind: 1, sendmsg: 2, source: 3, recvmsg: 4, getpeername: 5, getsockname: 6 } as const

const object = await load(sockAddr)
const { programs, maps } = object
const network = await makeNetwork()
let cgroup: TestCgroup
let agent: Agent
let server: Agent
let open: Disposable[] = []

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
beforeEach(() => {
  for (const index of Object.values(call)) {
    maps.seen.set(index, nothing)
    maps.changes.set(index, nothing)
  }
})
afterEach(() => {
  for (const it of open) it[Symbol.dispose]()
  open = []
})

const nothing = { ipv4: '0.0.0.0', ipv6: '::', port: 0 }

/** The same of either family, so that one text tests both. */
const families = [
  {
    family: 'IPv4',
    number: 4,
    field: 'ipv4',
    service: { address: '192.0.2.10', port: 80 },
    elsewhere: { address: '203.0.113.7', port: 4321 },
    loopback: { address: '127.0.0.1', port: 5555 },
    bound: { address: '127.0.0.2', port: 7777 },
  },
  {
    family: 'IPv6',
    number: 6,
    field: 'ipv6',
    service: { address: '2001:db8::10', port: 80 },
    elsewhere: { address: '2001:db8:7:8:9:a:b:c', port: 4321 },
    loopback: { address: '::1', port: 5555 },
    bound: { address: near.ipv6, port: 7777 },
  },
] as const

describe.each(families)('$family', ({ number, field, service, elsewhere, loopback, bound }) => {
  interface Address {
    readonly address: string
    readonly port: number
  }
  const change = (which: keyof typeof call, { address, port }: Address) =>
    maps.changes.set(call[which], { ...nothing, [field]: address, port })
  const seen = (which: keyof typeof call) => {
    const endpoint = maps.seen.get(call[which]) ?? nothing
    return { address: endpoint[field], port: endpoint.port }
  }
  const attach = (...calls: ('connect' | 'bind' | 'sendmsg' | 'recvmsg' | 'getpeername' | 'getsockname')[]) => {
    for (const name of calls) open.push(attachCgroup(programs[`${name}${number}`], cgroup.path))
  }

  it('an echo server is reached through a rewritten connect(), and has the name that was asked for', async () => {
    attach('connect', 'getpeername', 'getsockname')
    const { port } = await server.do('serveTcp', { name: 'far', host: far[field] })
    change('connect', { address: far[field], port })
    change('getpeername', service)
    change('getsockname', elsewhere)
    expect(await agent.do('tcp', { host: service.address, port: service.port })).toEqual({
      reply: `far to ${near[field]}: hello`,
      remoteAddress: service.address,
      remotePort: service.port,
      localAddress: elsewhere.address,
      localPort: elsewhere.port,
    })
    expect(seen('connect')).toEqual(service)
    expect(seen('getpeername')).toEqual({ address: far[field], port })
    expect(seen('getsockname').address).toBe(near[field])
  })

  it('without a change, a connection goes where it was to go', async () => {
    attach('connect', 'getpeername', 'getsockname')
    const { port } = await server.do('serveTcp', { name: 'far', host: far[field] })
    expect(await agent.do('tcp', { host: far[field], port })).toMatchObject({
      reply: `far to ${near[field]}: hello`,
      remoteAddress: far[field],
      remotePort: port,
      localAddress: near[field],
    })
  })

  it('a datagram goes to a rewritten address, from another, and the answer comes from the one that was named', async () => {
    attach('sendmsg', 'recvmsg')
    const { port } = await server.do('serveUdp', { name: 'far', host: far[field] })
    change('sendmsg', { address: far[field], port })
    change('source', { address: near.second[field], port: 1 })
    change('recvmsg', service)
    expect(await agent.do('udp', { host: service.address, port: service.port })).toEqual({
      reply: `far to ${near.second[field]}: hello`,
      from: service.address,
      fromPort: service.port,
      peer: null,
    })
    expect(seen('sendmsg')).toEqual(service)
    expect(seen('source')).toEqual({ address: field === 'ipv4' ? '0.0.0.0' : '::', port: 1 })
    expect(seen('recvmsg')).toEqual({ address: far[field], port })
  })

  it('so does a connected UDP socket', async () => {
    attach('connect', 'recvmsg', 'getpeername')
    const { port } = await server.do('serveUdp', { name: 'far', host: far[field] })
    change('connect', { address: far[field], port })
    change('recvmsg', service)
    change('getpeername', service)
    expect(await agent.do('udp', { host: service.address, port: service.port, connected: true })).toMatchObject({
      reply: `far to ${near[field]}: hello`,
      from: service.address,
      peer: service,
    })
  })

  it('bind() binds to another address and port', async () => {
    attach('bind')
    change('bind', bound)
    expect(await agent.do('bind', { host: loopback.address, port: loopback.port })).toMatchObject(bound)
    expect(seen('bind')).toEqual(loopback)
  })
})

it('MR_DENY fails the call', async () => {
  open.push(attachCgroup(programs.denyConnect4, cgroup.path))
  const { port } = await server.do('serveTcp', { name: 'far', host: far.ipv4 })
  await expect(agent.do('tcp', { host: far.ipv4, port })).rejects.toMatchObject({ code: 'EPERM' })
  await expect(server.do('tcp', { host: far.ipv4, port })).resolves.toMatchObject({
    reply: `far to ${far.ipv4}: hello`,
  })
})

it('MR_ALLOW_LOW_PORT lets anybody bind to any port', async () => {
  await using nobody = await Agent.start({ cgroup: cgroup.path, host: network.hosts.near })
  await nobody.do('becomeNobody')
  const bind = () => nobody.do('bind', { host: '127.0.0.1', port: 80 })
  await expect(bind()).rejects.toMatchObject({ code: 'EACCES' })
  open.push(attachCgroup(programs.bind4Low, cgroup.path))
  await expect(bind()).resolves.toMatchObject({ port: 80 })
})
