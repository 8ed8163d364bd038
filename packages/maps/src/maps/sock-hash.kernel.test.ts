import { RawMap } from '@millrace/core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { mountBpffs } from '../../../core/test/support/bpffs.js'
import { closed, connection, descriptorOf } from '../../test/sockets.js'
import { ipv4, SockHash, struct, u16be, u32, u64 } from '../index.js'

const Client = struct({ address: ipv4, port: u16be })
const make = (maxEntries = 4) => SockHash.create({ name: 'clients', key: Client, maxEntries })
const client = (port: number) => ({ address: '192.0.2.1', port })

describe('a SockHash', () => {
  test('is a map of key to socket, of which a cookie can be read', async () => {
    await using a = await connection()
    using clients = make()
    expect(clients.set(client(1), a.near).set(client(2), descriptorOf(a.far))).toBe(clients)
    const [near, far] = [clients.get(client(1)), clients.get(client(2))]
    expect([typeof near, typeof far]).toEqual(['bigint', 'bigint'])
    expect(near).not.toBe(far)
    expect([clients.get(client(3)), clients.has(client(3)), clients.has(client(2))]).toEqual([undefined, false, true])
    const entries = [...clients].sort(([a], [b]) => a.port - b.port)
    expect(entries).toEqual([
      [client(1), near],
      [client(2), far],
    ])
    expect([...clients.keys()].map(({ port }) => port).sort()).toEqual([1, 2])
    expect([...clients.values()].sort()).toEqual([near, far].sort())
    expect([clients.delete(client(1)), clients.delete(client(1))]).toEqual([true, false])
    clients.clear()
    expect([...clients]).toEqual([])
  })

  test('has room for what it was made for', async () => {
    await using a = await connection()
    using clients = make(2)
    clients.set(client(1), a.near).set(client(2), a.near)
    expect(() => clients.set(client(3), a.near)).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_FULL', map: 'clients' }),
    )
    clients.set(client(2), a.far)
    clients.delete(client(1))
    clients.set(client(3), a.near)
    expect([...clients.keys()].map(({ port }) => port).sort()).toEqual([2, 3])
  })

  test('creates or replaces only, where it is told to', async () => {
    await using a = await connection()
    using clients = make()
    expect(() => clients.set(client(1), a.near, 'replace')).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_MISSING' }),
    )
    clients.set(client(1), a.near, 'create').set(client(1), a.far, 'replace')
    expect(() => clients.set(client(1), a.near, 'create')).toThrow(expect.objectContaining({ code: 'ERR_KEY_EXISTS' }))
  })

  test('loses a socket that is closed', async () => {
    await using a = await connection()
    using clients = make()
    clients.set(client(1), a.near).set(client(2), a.far).set(client(3), a.near)
    await closed(a.near)
    await vi.waitFor(() => expect([...clients.keys()]).toEqual([client(2)]), 10_000)
  })

  test('gives every key that stays exactly once while others go', async () => {
    await using a = await connection()
    const ports = Array.from({ length: 300 }, (_, i) => i)
    const stays = (port: number) => port % 3 > 0 && port % 100 !== 2
    using clients = make(300)
    for (const port of ports) clients.set(client(port), a.near)
    const seen: number[] = []
    for (const { port } of clients.keys()) {
      seen.push(port)
      if (port % 3 === 0) clients.delete(client(port))
      // At what the kernel stands on it starts over.
      if (port % 100 === 1) clients.delete(client(port + 1))
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(ports.filter((port) => stays(port) && !seen.includes(port))).toEqual([])
    expect([...clients.keys()].map(({ port }) => port).sort((a, b) => a - b)).toEqual(ports.filter(stays))
    clients.clear()
    expect([...clients]).toEqual([])
  })

  test('refuses what is no key or no socket, as the others do', async () => {
    await using a = await connection()
    using clients = make()
    expect(() => clients.set({ address: '192.0.2', port: 1 }, a.near)).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'key.address' }),
    )
    expect(() => clients.get(undefined as never)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
    expect(() => clients.set(client(1), {} as never)).toThrow(expect.objectContaining({ argument: 'socket' }))
    expect(() => SockHash.create(undefined as never)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
    expect(() => SockHash.create({ name: 'clients', maxEntries: 1 } as never)).toThrow(
      expect.objectContaining({ argument: 'options.key' }),
    )
  })

  test('is not disturbed by a key that uses it while it is read', async () => {
    await using a = await connection()
    using clients = make()
    clients.set(client(1), a.near)
    const meddling = {
      get address() {
        clients.set(client(9), a.far)
        return '192.0.2.1'
      },
      port: 2,
    }
    clients.set(meddling, a.near)
    expect(clients.get(client(2))).toBe(clients.get(client(1)))
    expect(clients.get(client(9))).not.toBe(clients.get(client(1)))
  })

  test('with values of 4 bytes, tells its keys and no cookies', async () => {
    await using a = await connection()
    const raw = RawMap.create({ type: 'sockhash', name: 'small', keySize: 4, valueSize: 4, maxEntries: 4 })
    using small = SockHash.from(raw, { key: u32 })
    small.set(7, a.near).set(8, a.near)
    expect([...small.keys()].sort()).toEqual([7, 8])
    expect(() => small.has(7)).toThrow(expect.objectContaining({ code: 'ERR_MAP_UNSUPPORTED' }))
    small.clear()
    expect([...small.keys()]).toEqual([])
  })
})

describe('a pinned SockHash', () => {
  const bpffs = mountBpffs()
  afterAll(() => bpffs[Symbol.dispose]())
  const path = `${bpffs.path}/clients`

  test('is opened by who comes later, with its sockets', async () => {
    await using a = await connection()
    using clients = make()
    clients.set(client(1), a.near).pin(path)
    try {
      using again = SockHash.open(path, { key: Client, maxEntries: 4 })
      expect([...again]).toEqual([...clients])
      expect(() => SockHash.open(path, { key: u64, maxEntries: 5 })).toThrow(
        expect.objectContaining({
          differences: [{ field: 'maxEntries', pinned: 4, wanted: 5 }],
        }),
      )
    } finally {
      clients.unpin()
    }
  })
})
