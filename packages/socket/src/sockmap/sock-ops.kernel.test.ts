import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { load } from '@millrace/core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { sockMaps } from '../../../../bpf/test/generated/sock_maps.bpf.js'
import { closed } from '../../../maps/test/sockets.js'
import { Agent } from '../../test/agent.js'
import { makeCgroup, type TestCgroup } from '../../test/cgroup.js'
import { sentByTcp } from '../../test/sent-by-tcp.js'
import { attachCgroup, attachSockMap, socketKey } from '../index.js'

const INGRESS = 1n
let cgroup: TestCgroup
let agent: Agent
let ipv4: number
let dual: number
const open: Socket[] = []

beforeAll(async () => {
  cgroup = await makeCgroup()
  agent = await Agent.start({ cgroup: cgroup.path })
  ipv4 = (await agent.do('serveTcp', { name: 'server', host: '127.0.0.1' })).port
  dual = (await agent.do('serveTcp', { name: 'dual', host: '::' })).port
})
afterEach(async () => {
  await Promise.all(open.splice(0).map(closed))
})
afterAll(async () => {
  await agent[Symbol.asyncDispose]()
  await cgroup.remove()
})

/** A socket of this process, which is not in the group, to a server that is. */
async function connected(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host })
  open.push(socket)
  await once(socket, 'connect')
  return socket
}

/** The key of the other end. */
function otherEnd(socket: Socket) {
  const { local, remote, localPort, remotePort } = socketKey(socket)
  return { local: remote, remote: local, localPort: remotePort, remotePort: localPort }
}

const until = (check: () => void) => vi.waitFor(check, 10_000)

describe('a sock_ops program', () => {
  test('puts connections into a SockHash and a SockMap when they are established, and they leave when they end', async () => {
    using object = await load(sockMaps)
    const { sockets, peers } = object.maps
    using _ = attachCgroup(object.programs.track, cgroup.path)
    object.variables.toIndex.set(2)
    const socket = await connected(ipv4)
    await until(() => expect([...sockets.keys()]).toEqual([otherEnd(socket)]))
    const cookie = sockets.get(otherEnd(socket))
    expect([...peers]).toEqual([[2, cookie]])
    expect(object.variables.added.get()).toEqual([0n, 0n])
    await closed(socket)
    await until(() => expect([...sockets, ...peers]).toEqual([]))
  })

  test('knows an IPv4 client of a server that listens on ::', async () => {
    using object = await load(sockMaps)
    const { sockets } = object.maps
    using _ = attachCgroup(object.programs.track, cgroup.path)
    const socket = await connected(dual)
    await until(() => expect([...sockets.keys()]).toEqual([otherEnd(socket)]))
    expect(socketKey(socket).local).toBe('::ffff:127.0.0.1')
    const six = await connected(dual, '::1')
    await until(() => expect(sockets.has(otherEnd(six))).toBe(true))
    expect(socketKey(six).local).toBe('::1')
  })

  test('is told when there is no room', async () => {
    using object = await load(sockMaps, { maps: { sockets: { maxEntries: 1 } } })
    using _ = attachCgroup(object.programs.track, cgroup.path)
    const first = await connected(ipv4)
    object.variables.toIndex.set(4)
    await connected(ipv4)
    const E2BIG = -7n
    await until(() => expect(object.variables.added.get()).toEqual([E2BIG, E2BIG]))
    expect([...object.maps.sockets.keys()]).toEqual([otherEnd(first)])
  })
})

describe('a shortcut between the processes of a control group', () => {
  test('carries what both ends of a connection send', async () => {
    using object = await load(sockMaps)
    const { sockets } = object.maps
    object.variables.toFlags.set(INGRESS)
    using _ = attachSockMap(object.programs.sendToOtherEndOrPass, sockets)
    using _track = attachCgroup(object.programs.track, cgroup.path)
    for (const port of [ipv4, dual]) {
      const { reply } = await agent.do('tcp', { host: '127.0.0.1', port, message: 'hello' })
      expect(reply).toMatch(/^(server|dual).*: hello$/)
    }
    await until(() => expect([...sockets.keys()]).toEqual([]))
  })

  test('does not keep a connection from others that has one end in the group', async () => {
    using object = await load(sockMaps)
    const { sockets } = object.maps
    object.variables.toFlags.set(INGRESS)
    using _ = attachSockMap(object.programs.sendToOtherEndOrPass, sockets)
    using _track = attachCgroup(object.programs.track, cgroup.path)
    const socket = await connected(ipv4)
    await until(() => expect(sockets.has(otherEnd(socket))).toBe(true))
    socket.write('from outside')
    const [reply] = await once(socket, 'data')
    expect(String(reply)).toMatch(/^server.*: from outside$/)

    // Once both ends are known, TCP has nothing more to send.
    const sent = sentByTcp(socket)
    sockets.set(socketKey(socket), socket)
    socket.write('again')
    const [second] = await once(socket, 'data')
    expect(String(second)).toMatch(/^server.*: again$/)
    expect(sent).toBe('from outside'.length)
    expect(sentByTcp(socket)).toBe(sent)
  })
})
