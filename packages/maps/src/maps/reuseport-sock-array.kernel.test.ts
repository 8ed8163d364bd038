import { load, type Program, RawMap } from '@millrace/core'
import { attachReuseport, detachReuseport } from '@millrace/socket'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { mountBpffs } from '../../../core/test/support/bpffs.js'
import { reuseport } from '../../test/generated/reuseport.bpf.js'
import { useHostProgram } from '../../test/host-program.js'
import { closeServer, reuseportGroup } from '../../test/reuseport.js'
import { closed, connection, descriptorOf, listener, udp } from '../../test/sockets.js'
import { ReuseportSockArray, SocketRefusedError } from '../index.js'

const maker = useHostProgram('reuseport-sockets')
const object = await load(reuseport)
const { programs, maps, variables } = object
const make = (maxEntries = 4) => ReuseportSockArray.create({ name: 'workers', maxEntries })

afterAll(() => object.close())

describe('a ReuseportSockArray', () => {
  test('is a map of index to socket, of which a cookie can be read', async () => {
    await using group = await reuseportGroup(maker.path, 2)
    const [first, second] = group.servers as [(typeof group.servers)[0], (typeof group.servers)[0]]
    using workers = make()
    expect(workers.set(3, first).set(1, descriptorOf(second))).toBe(workers)
    const [cookie, other] = [workers.get(3), workers.get(1)]
    expect([typeof cookie, typeof other]).toEqual(['bigint', 'bigint'])
    expect(cookie).not.toBe(other)
    expect([workers.get(0), workers.has(0), workers.has(1)]).toEqual([undefined, false, true])
    expect([...workers]).toEqual([
      [1, other],
      [3, cookie],
    ])
    expect([...workers.keys()]).toEqual([1, 3])
    expect([workers.type, workers.maxEntries]).toEqual(['reuseport_sockarray', 4])
    expect([workers.delete(1), workers.delete(1)]).toEqual([true, false])
    workers.set(0, second).clear()
    expect([...workers]).toEqual([])
  })

  test('takes UDP sockets, too', async () => {
    await using group = await reuseportGroup(maker.path, 1)
    using workers = make()
    expect(workers.set(0, group.udp).has(0)).toBe(true)
  })

  test('creates or replaces only, where it is told to', async () => {
    await using group = await reuseportGroup(maker.path, 2)
    const [first = 0, second = 0] = group.servers
    using workers = make()
    expect(() => workers.set(0, first, 'replace')).toThrow(expect.objectContaining({ code: 'ERR_KEY_MISSING' }))
    workers.set(0, first, 'create').set(0, second, 'replace')
    expect(() => workers.set(0, first, 'create')).toThrow(expect.objectContaining({ code: 'ERR_KEY_EXISTS' }))
  })

  test('loses a socket that is closed', async () => {
    await using group = await reuseportGroup(maker.path, 2)
    const [first = 0, second] = group.servers
    using workers = make()
    workers.set(0, first)
    if (second !== undefined) {
      workers.set(1, second)
      await closeServer(second)
    }
    await vi.waitFor(() => expect([...workers.keys()]).toEqual([0]), 10_000)
  })

  test('refuses a socket for what it is, and says what was expected', async () => {
    await using group = await reuseportGroup(maker.path, 1)
    await using a = await connection()
    await using datagrams = await udp()
    const server = await listener()
    const [first = 0] = group.servers
    using workers = make()
    using others = make()
    const refusal = (set: () => unknown) => {
      try {
        set()
      } catch (error) {
        if (error instanceof SocketRefusedError) return [error.errnoName, error.socket?.protocol, error.expected]
        throw error
      }
      throw new Error('it was taken')
    }
    const bound = expect.stringMatching(/with SO_REUSEPORT set before$/)
    expect(refusal(() => workers.set(0, server))).toEqual(['EINVAL', 'tcp', bound])
    expect(refusal(() => workers.set(0, a.near))).toEqual(['EINVAL', 'tcp', bound])
    expect(refusal(() => workers.set(0, datagrams.descriptor))).toEqual(['EINVAL', 'udp', bound])
    workers.set(0, first)
    expect(refusal(() => others.set(0, first))).toEqual([
      'EBUSY',
      'tcp',
      'a socket that is in no such array yet: delete it from the one that has it first',
    ])
    expect(refusal(() => workers.set(1, first))[0]).toBe('EBUSY')
    workers.delete(0)
    others.set(0, first)
    for (const none of [0x7fff_ffff, -1, undefined, {}]) {
      expect(() => workers.set(0, none as never)).toThrow(expect.objectContaining({ argument: 'socket' }))
    }
    server.close()
  })

  test('refuses an index that it does not have, and everything once it is closed', async () => {
    await using group = await reuseportGroup(maker.path, 1)
    const [first = 0] = group.servers
    using workers = make(2)
    const outOfRange = expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', map: 'workers' })
    expect(() => workers.set(2, first)).toThrow(outOfRange)
    expect(() => workers.get(2)).toThrow(outOfRange)
    expect(() => workers.delete(2)).toThrow(outOfRange)
    workers.close()
    const isClosed = expect.objectContaining({ code: 'ERR_CLOSED', what: 'map' })
    expect(() => workers.set(1, first)).toThrow(isClosed)
    expect(() => workers.get(1)).toThrow(isClosed)
    expect(() => [...workers]).toThrow(isClosed)
  })

  test('can be pinned and opened again; with values of 4 bytes, cannot be read', async () => {
    using bpffs = mountBpffs()
    await using group = await reuseportGroup(maker.path, 1)
    const [first = 0] = group.servers
    using workers = make()
    workers.set(2, first).pin(`${bpffs.path}/workers`)
    using again = ReuseportSockArray.open(`${bpffs.path}/workers`, { maxEntries: 4 })
    expect(again.get(2)).toBe(workers.get(2))
    workers.delete(2)
    const raw = RawMap.create({ type: 'reuseport_sockarray', name: 'small', keySize: 4, valueSize: 4, maxEntries: 4 })
    using small = ReuseportSockArray.from(raw)
    small.set(0, first)
    expect(() => small.has(0)).toThrow(expect.objectContaining({ code: 'ERR_MAP_UNSUPPORTED' }))
    expect([small.delete(0), small.delete(0)]).toEqual([true, false])
  })
})

describe('a program that chooses among the sockets of a port', () => {
  test('decides which one gets a connection', async () => {
    await using group = await reuseportGroup(maker.path, 3)
    const [first = 0] = group.servers
    for (const [index, server] of group.servers.entries()) maps.workers.set(index, server)
    expect(attachReuseport(programs.choose, first)).toBeUndefined()
    const expected = [2, 2, 0, 1, 1, 0, 2]
    for (const index of expected) {
      variables.chosen.set(index)
      expect(await group.call()).toBe('accepted')
    }
    expect(group.served).toEqual(expected)
    expect(variables.asked.get()).toBe(expected.length)

    // Of an index that is empty the kernel chooses.
    variables.chosen.set(3)
    expect(await group.call()).toBe('accepted')
    expect(variables.lastResult.get()).toBe(-2)
    // Another takes the worker's place.
    variables.chosen.set(0)
    maps.workers.delete(1)
    maps.workers.set(0, group.servers[1] ?? 0)
    expect(await group.call()).toBe('accepted')
    expect(group.served.at(-1)).toBe(1)

    attachReuseport(programs.refuse, first)
    expect(await group.call()).toBe('refused')
    expect([detachReuseport(first), detachReuseport(first)]).toEqual([true, false])
    const asked = variables.asked.get()
    expect(await group.call()).toBe('accepted')
    expect(variables.asked.get()).toBe(asked)
    maps.workers.clear()
  })

  test('is refused by a socket that has no group, and for what it is', async () => {
    await using group = await reuseportGroup(maker.path, 1)
    await using a = await connection()
    const [first = 0] = group.servers
    expect(() => attachReuseport(programs.choose, a.near)).toThrow(
      /^socket is \d+, expected a TCP or UDP socket on which SO_REUSEPORT was set before it was bound/,
    )
    expect(() => detachReuseport(a.near)).toThrow(expect.objectContaining({ argument: 'socket' }))
    expect(() => attachReuseport(programs.choose, 0x7fff_ffff)).toThrow(/the descriptor of an open socket/)
    expect(() => attachReuseport(programs.other as never, first)).toThrow(
      "program.type is 'xdp', expected sk_reuseport",
    )
    expect(() => attachReuseport({} as Program<'sk_reuseport'>, first)).toThrow(/^program is {}/)
    const other = await load(reuseport)
    other.close()
    expect(() => attachReuseport(other.programs.choose, first)).toThrow(
      expect.objectContaining({ code: 'ERR_CLOSED', what: 'program' }),
    )
    await closed(a.near)
  })
})
