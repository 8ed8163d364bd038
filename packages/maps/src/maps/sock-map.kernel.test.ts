import { once } from 'node:events'
import { closeSync, openSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RawMap } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { mountBpffs } from '../../../core/test/support/bpffs.js'
import { closed, connecting, connection, descriptorOf, listener, udp } from '../../test/sockets.js'
import { SocketRefusedError, SockMap, u32 } from '../index.js'

const make = (maxEntries = 4) => SockMap.create({ name: 'peers', maxEntries })

describe('a SockMap', () => {
  test('is a map of index to socket, of which a cookie can be read', async () => {
    await using a = await connection()
    await using b = await connection()
    using peers = make()
    expect(peers.set(3, a.near).set(1, descriptorOf(b.near))).toBe(peers)
    const [near, other] = [peers.get(3), peers.get(1)]
    expect([typeof near, typeof other]).toEqual(['bigint', 'bigint'])
    expect(near).not.toBe(other)
    expect([peers.get(0), peers.has(0), peers.has(1)]).toEqual([undefined, false, true])
    expect([...peers]).toEqual([
      [1, other],
      [3, near],
    ])
    expect([...peers.keys()]).toEqual([1, 3])
    expect([...peers.values()]).toEqual([other, near])
    expect([peers.type, peers.maxEntries]).toEqual(['sockmap', 4])

    peers.set(1, a.near)
    expect(peers.get(1)).toBe(near)
    expect([peers.delete(1), peers.delete(1), peers.delete(3)]).toEqual([true, false, true])
    expect([...peers]).toEqual([])
    peers.set(0, a.near).set(2, b.far).clear()
    expect([...peers]).toEqual([])
  })

  test('takes listening TCP, UDP and connected Unix sockets', async () => {
    const path = join(tmpdir(), `millrace-sock-map-${process.pid}`)
    rmSync(path, { force: true })
    const server = await listener()
    const unix = createServer().listen(path)
    await once(unix, 'listening')
    const client = connect(path)
    await once(client, 'connect')
    await using datagrams = await udp()
    using peers = make()
    try {
      peers.set(0, server).set(1, datagrams.descriptor).set(2, client)
      expect([...peers.keys()]).toEqual([0, 1, 2])
      expect(() => peers.set(3, unix)).toThrow(
        expect.objectContaining({ errnoName: 'EOPNOTSUPP', socket: { protocol: 'unix', state: undefined } }),
      )
    } finally {
      server.close()
      unix.close()
      await closed(client)
    }
  })

  test('creates or replaces only, where it is told to', async () => {
    await using a = await connection()
    using peers = make()
    expect(() => peers.set(0, a.near, 'replace')).toThrow(expect.objectContaining({ code: 'ERR_KEY_MISSING' }))
    peers.set(0, a.near, 'create').set(0, a.far, 'replace')
    expect(() => peers.set(0, a.near, 'create')).toThrow(expect.objectContaining({ code: 'ERR_KEY_EXISTS' }))
    expect(() => peers.set(0, a.near, 'insert' as never)).toThrow(expect.objectContaining({ argument: 'mode' }))
  })

  test('refuses an index that it does not have', async () => {
    await using a = await connection()
    using peers = make(2)
    const outOfRange = expect.objectContaining({ code: 'ERR_INDEX_OUT_OF_RANGE', map: 'peers' })
    peers.set(1, a.near)
    expect(() => peers.set(2, a.near)).toThrow(outOfRange)
    expect(() => peers.get(2)).toThrow(outOfRange)
    expect(() => peers.has(2)).toThrow(outOfRange)
    expect(() => peers.delete(2)).toThrow(outOfRange)
    expect(() => peers.get(-1)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'index' }))
    peers.close()
    const isClosed = expect.objectContaining({ code: 'ERR_CLOSED', what: 'map' })
    expect(() => peers.set(1, a.near)).toThrow(isClosed)
    expect(() => peers.get(1)).toThrow(isClosed)
    expect(() => peers.delete(1)).toThrow(isClosed)
    expect(() => [...peers]).toThrow(isClosed)
  })
})

describe('a socket leaves a SockMap by itself', () => {
  test('when it is closed', async () => {
    await using a = await connection()
    using peers = make()
    peers.set(0, a.near).set(1, a.near).set(2, a.far)
    await closed(a.near)
    await vi.waitFor(() => expect([...peers.keys()]).toEqual([2]), 10_000)
    expect(peers.delete(0)).toBe(false)
  })

  test('when its connection is reset, and not when the other end only closes', async () => {
    await using a = await connection()
    await using b = await connection()
    using peers = make()
    peers.set(0, a.near).set(1, b.near)
    const ended = once(a.near, 'end')
    a.near.resume()
    a.far.end()
    await ended
    b.far.resetAndDestroy()
    await vi.waitFor(() => expect([...peers.keys()]).toEqual([0]), 10_000)
  })

  test('when the server stops listening', async () => {
    const server = await listener()
    using peers = make()
    peers.set(0, server)
    const done = once(server, 'close')
    server.close()
    await done
    await vi.waitFor(() => expect(peers.has(0)).toBe(false), 10_000)
  })

  test('but stays when the map is closed and pinned, or held by others', async () => {
    await using a = await connection()
    const peers = make()
    peers.set(0, a.near)
    using again = SockMap.from(RawMap.openById(peers.id))
    const cookie = peers.get(0)
    peers.close()
    expect([...again]).toEqual([[0, cookie]])
  })
})

describe('a SockMap refuses', () => {
  const refused = (state: string) =>
    expect.objectContaining({
      code: 'ERR_SOCKET_REFUSED',
      map: 'peers',
      errnoName: 'EOPNOTSUPP',
      socket: { protocol: 'tcp', state },
    })

  test('a socket that is half closed', async () => {
    await using a = await connection()
    using peers = make()
    const ended = once(a.far, 'end')
    a.near.end()
    a.far.resume()
    await ended
    expect(() => peers.set(0, a.far)).toThrow(refused('CLOSE_WAIT'))
    expect(() => peers.set(0, a.near)).toThrow(refused('FIN_WAIT2'))
    expect(() => peers.set(0, a.near)).toThrow(SocketRefusedError)
    expect(() => peers.set(0, a.near)).toThrow(
      /does not take .*, tcp FIN_WAIT2, \(EOPNOTSUPP\); expected an established/,
    )
    expect([...peers]).toEqual([])
  })

  test('a socket that is still connecting', async () => {
    await using a = await connecting()
    using peers = make()
    await vi.waitFor(() => expect(descriptorOf(a.socket)).toBeGreaterThan(0), 10_000)
    expect(() => peers.set(0, descriptorOf(a.socket))).toThrow(refused('SYN_SENT'))
    expect(() => peers.set(0, a.socket)).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', expected: "a socket that is connected: wait for its 'connect'" }),
    )
  })

  test('what is no open socket', () => {
    using peers = make()
    const noSocket = expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'socket' })
    const file = openSync('/dev/null', 'r')
    try {
      for (const descriptor of [file, 99_999, 0x7fff_ffff]) expect(() => peers.set(0, descriptor)).toThrow(noSocket)
    } finally {
      closeSync(file)
    }
    for (const value of [-1, 1.5, 2 ** 31, Number.NaN, '3', null, undefined, {}, [], 3n, new Map()]) {
      expect(() => peers.set(0, value as never)).toThrow(noSocket)
    }
    expect([...peers]).toEqual([])
  })
})

describe('of Node.js a SockMap says what it needs', () => {
  let peers: SockMap
  beforeAll(() => {
    peers = make()
  })
  afterAll(() => peers.close())

  const expected = (socket: unknown) => {
    try {
      peers.set(0, socket as Socket)
    } catch (error) {
      return (error as { expected?: string }).expected
    }
    return undefined
  }

  test('of a socket that was never connected, or was closed', async () => {
    expect(expected(new Socket())).toBe('a socket that is open')
    const { near, far } = await connection()
    await closed(near)
    expect(expected(near)).toBe('a socket that is open: this one was closed')
    await closed(far)
  })

  test('of a server that does not listen', () => {
    const server: Server = createServer()
    expect(expected(server)).toBe("a server that listens: wait for its 'listening'")
  })

  test('of a UDP socket, without the warning that Node.js has for its handle', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    try {
      await using datagrams = await udp()
      expect(expected(datagrams.socket)).toContain('the number of its descriptor')
      await new Promise(setImmediate)
      expect(warned).not.toHaveBeenCalled()
    } finally {
      process.off('warning', warned)
    }
  })

  test('of a socket that encrypts', () => {
    const socket = Object.assign(new Socket(), { encrypted: true })
    expect(expected(socket)).toBe('a plain net.Socket: what is redirected by a map passes by the encryption')
  })

  test('of a runtime that keeps descriptors to itself', () => {
    const foreign = { address: () => null, ref() {}, unref() {} }
    expect(expected(foreign)).toContain('this runtime does not tell it')
    expect(expected({ ...foreign, _handle: {} })).toContain('this runtime does not tell it')
    expect(expected({ ...foreign, _handle: { fd: '3' } })).toContain('this runtime does not tell it')
  })
})

describe('a SockMap with values of 4 bytes', () => {
  const make = () => RawMap.create({ type: 'sockmap', name: 'small', keySize: 4, valueSize: 4, maxEntries: 4 })

  test('takes sockets and does not give them back', async () => {
    await using a = await connection()
    using small = SockMap.from(make())
    small.set(0, a.near)
    const unreadable = expect.objectContaining({ code: 'ERR_MAP_UNSUPPORTED', errnoName: 'ENOSPC' })
    expect(() => small.get(0)).toThrow(unreadable)
    expect(() => small.has(0)).toThrow(/too few for a socket's cookie: make them __u64/)
    expect(() => [...small]).toThrow(unreadable)
    expect([small.delete(0), small.delete(0)]).toEqual([true, false])
    small.set(2, a.near).clear()
    expect(small.delete(2)).toBe(false)
  })
})

describe('a pinned SockMap', () => {
  const bpffs = mountBpffs()
  afterAll(() => bpffs[Symbol.dispose]())
  const path = `${bpffs.path}/peers`

  test('is opened by who comes later, with its sockets', async () => {
    await using a = await connection()
    using peers = make()
    peers.set(2, a.near).pin(path)
    try {
      using again = SockMap.open(path, { maxEntries: 4 })
      expect([...again]).toEqual([...peers])
      using reader = SockMap.open(path, { access: 'read-only' })
      expect(() => reader.set(0, a.far)).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
      expect(() => SockMap.open(path, { maxEntries: 5 })).toThrow(
        expect.objectContaining({ differences: [{ field: 'maxEntries', pinned: 4, wanted: 5 }] }),
      )
      expect(() => SockMap.open(path, { key: u32 } as never)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
    } finally {
      peers.unpin()
    }
  })

  test('is told from another kind of map', () => {
    using array = RawMap.create({ type: 'array', name: 'array', keySize: 4, valueSize: 8, maxEntries: 4 })
    expect(() => SockMap.from(array)).toThrow(
      expect.objectContaining({ differences: [{ field: 'type', pinned: 'array', wanted: 'sockmap' }] }),
    )
    expect(() => SockMap.create({ name: 'peers', maxEntries: 0 })).toThrow(
      expect.objectContaining({ errnoName: 'EINVAL' }),
    )
  })
})
