import { load } from '@millrace/core'
import { errno } from '@millrace/core/internal'
import { attachSkLookup } from '@millrace/socket'
import { testSkLookup } from '@millrace/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Agent } from '../../packages/socket/test/agent.js'
import { far, makeNetwork, near } from '../../packages/socket/test/network.js'
import { skLookup } from './generated/sk_lookup.bpf.js'

/** Indexes in the map `sockets`. */
const index = { tcp4: 0, tcp6: 1, udp4: 2, nobody: 3 } as const

const network = await makeNetwork()
const { netns } = network.hosts.far
const first = await load(skLookup)
let client: Agent
let server: Agent

/** The program, choosing another socket of the same map. */
const loadChoosing = (chosen: number) =>
  load(skLookup, { constants: { chosen }, maps: { sockets: { replace: first.maps.sockets } } })
const objects = { tcp4: first, tcp6: await loadChoosing(1), udp4: await loadChoosing(2), nobody: await loadChoosing(3) }

beforeAll(async () => {
  client = await Agent.start({ host: network.hosts.near })
  server = await Agent.start({ host: network.hosts.far })
  const put = (at: number) => server.withDescriptor((descriptor) => first.maps.sockets.set(at, descriptor))
  await server.do('serveTcp', { name: 'tcp4', host: '127.0.0.1', port: 7000 })
  await put(index.tcp4)
  await server.do('serveTcp', { name: 'tcp6', host: '::1', port: 7000 })
  await put(index.tcp6)
  await server.do('serveUdp', { name: 'udp4', host: far.second.ipv4, port: 7000 })
  await put(index.udp4)
})
afterAll(async () => {
  await network.close()
  for (const object of Object.values(objects)) object.close()
})

const zero = { localIpv4: '0.0.0.0', remoteIpv4: '0.0.0.0', localIpv6: '::', remoteIpv6: '::' }
const lastOf = (which: keyof typeof objects) => objects[which].maps.last.get(0)

describe('a listener', () => {
  it('of IPv4 is found at any address and port', async () => {
    using _ = attachSkLookup(objects.tcp4.programs.choose, { netns })
    for (const [host, port] of [
      [far.ipv4, 1],
      [far.ipv4, 65535],
      [far.second.ipv4, 443],
      [far.ipv4, 0x1234],
    ] as const) {
      const { reply, remoteAddress, localPort } = await client.do('tcp', { host, port })
      expect([reply, remoteAddress]).toEqual([`tcp4 to ${near.ipv4}: hello`, host])
      expect(lastOf('tcp4')).toEqual({
        ...zero,
        family: 2,
        protocol: 6,
        localIpv4: host,
        localPort: port,
        remoteIpv4: near.ipv4,
        remotePort: localPort,
        error: 0n,
      })
    }
    await expect(client.do('tcp', { host: far.ipv6, port: 443 })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(lastOf('tcp4')?.error).toBe(BigInt(-errno.EAFNOSUPPORT))
  })

  it('of IPv6 is found at any address and port', async () => {
    using _ = attachSkLookup(objects.tcp6.programs.choose, { netns })
    const { reply, localPort } = await client.do('tcp', { host: far.second.ipv6, port: 8443 })
    expect(reply).toBe(`tcp6 to ${near.ipv6}: hello`)
    expect(lastOf('tcp6')).toEqual({
      ...zero,
      family: 10,
      protocol: 6,
      localIpv6: far.second.ipv6,
      localPort: 8443,
      remoteIpv6: near.ipv6,
      remotePort: localPort,
      error: 0n,
    })
  })

  it('of UDP is found at any port', async () => {
    using _ = attachSkLookup(objects.udp4.programs.choose, { netns })
    const { reply, from } = await client.do('udp', { host: far.ipv4, port: 53 })
    expect([reply, from]).toEqual([`udp4 to ${near.ipv4}: hello`, far.second.ipv4])
    expect(lastOf('udp4')).toMatchObject({ protocol: 17, localIpv4: far.ipv4, localPort: 53, error: 0n })
  })
})

describe('mr_sk_lookup_choose', () => {
  const connect = () => client.do('tcp', { host: far.ipv4, port: 80 })

  it('says that there is none, and the kernel looks itself', async () => {
    using _ = attachSkLookup(objects.nobody.programs.choose, { netns })
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(lastOf('nobody')?.error).toBe(BigInt(-errno.ENOENT))
    const { port } = await server.do('serveTcp', { name: 'usual', host: far.ipv4 })
    await expect(client.do('tcp', { host: far.ipv4, port })).resolves.toMatchObject({
      reply: `usual to ${near.ipv4}: hello`,
    })
  })

  it('says that it is of another protocol', async () => {
    using _ = attachSkLookup(objects.udp4.programs.choose, { netns })
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(lastOf('udp4')?.error).toBe(BigInt(-errno.EPROTOTYPE))
  })

  it('says that another program has chosen', async () => {
    using _first = attachSkLookup(objects.tcp4.programs.choose, { netns })
    using again = await loadChoosing(index.tcp4)
    using _second = attachSkLookup(again.programs.choose, { netns })
    await expect(connect()).resolves.toMatchObject({ reply: `tcp4 to ${near.ipv4}: hello` })
    expect(again.maps.last.get(0)?.error).toBe(BigInt(-errno.EEXIST))
  })
})

it('SK_DROP closes the port of a listener', async () => {
  const { port } = await server.do('serveTcp', { name: 'usual', host: far.ipv4 })
  using _ = attachSkLookup(first.programs.refuse, { netns })
  await expect(client.do('tcp', { host: far.ipv4, port })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

describe('a test run', () => {
  const remote = { address: '198.51.100.7', port: 0x1234 }
  const local = { address: '192.0.2.1', port: 0x5678 }

  it('chooses as the network would', () => {
    const { programs, maps } = objects.tcp4
    expect(testSkLookup(programs.choose, { protocol: 'tcp', local, remote })).toMatchObject({
      action: 'pass',
      socketCookie: maps.sockets.get(index.tcp4),
    })
    expect(lastOf('tcp4')).toEqual({
      ...zero,
      family: 2,
      protocol: 6,
      localIpv4: local.address,
      localPort: local.port,
      remoteIpv4: remote.address,
      remotePort: remote.port,
      error: 0n,
    })
  })

  it('knows IPv6 and UDP', () => {
    const ipv6 = { local: { address: '2001:db8::1', port: 53 }, remote: { address: '2001:db8::2', port: 5353 } }
    expect(testSkLookup(objects.nobody.programs.choose, { protocol: 'udp', ...ipv6 })).toMatchObject({
      action: 'pass',
      socketCookie: undefined,
    })
    expect(lastOf('nobody')).toMatchObject({
      family: 10,
      protocol: 17,
      localIpv6: '2001:db8::1',
      remoteIpv6: '2001:db8::2',
    })
    expect(testSkLookup(objects.nobody.programs.refuse, { protocol: 'udp', ...ipv6, repeat: 5 }).action).toBe('drop')
  })

  it.each([
    [{ protocol: 'sctp', local, remote }, /options\.protocol/],
    [{ protocol: 'tcp', local: { address: '::1', port: 1 }, remote }, /options\.local\.address/],
    [{ protocol: 'tcp', local, remote: { address: 'x', port: 1 } }, /options\.remote\.address/],
    [{ protocol: 'tcp', local, remote: { ...remote, port: 65536 } }, /options\.remote\.port/],
    [{ protocol: 'tcp', local: { ...local, port: -1 }, remote }, /options\.local\.port/],
  ])('refuses %o', (options, message) => {
    expect(() => testSkLookup(objects.nobody.programs.choose, options as never)).toThrow(message)
  })
})
