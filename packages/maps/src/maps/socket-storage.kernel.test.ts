import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { load, RawMap } from '@millrace/core'
import { attachCgroup, cgroupRoot } from '@millrace/socket'
import { describe, expect, test, vi } from 'vitest'
import { mountBpffs } from '../../../core/test/support/bpffs.js'
import { makeCgroup } from '../../../socket/test/cgroup.js'
import { storage } from '../../test/generated/storage.bpf.js'
import { closed, connection, descriptorOf, listener, portOf, udp } from '../../test/sockets.js'
import { bytes, SocketStorage, struct, u8, u64 } from '../index.js'

const Traffic = struct({ packets: u64, bytes: u64 })
const make = () => SocketStorage.create({ name: 'sent', value: Traffic })
const value = (packets: bigint) => ({ packets, bytes: 10n * packets })

describe('a SocketStorage', () => {
  test('is a map of socket to value', async () => {
    await using a = await connection()
    await using datagrams = await udp()
    const server = await listener()
    using sent = make()
    expect([sent.type, sent.maxEntries]).toEqual(['sk_storage', 0])
    expect(sent.set(a.near, value(1n)).set(server, value(2n)).set(datagrams.descriptor, value(3n))).toBe(sent)
    expect(sent.get(a.near)).toEqual(value(1n))
    expect(sent.get(descriptorOf(a.near))).toEqual(value(1n))
    expect([sent.get(server), sent.get(datagrams.descriptor), sent.get(a.far)]).toEqual([
      value(2n),
      value(3n),
      undefined,
    ])
    expect([sent.has(a.near), sent.has(a.far)]).toEqual([true, false])
    sent.set(a.near, value(4n))
    expect(sent.get(a.near)).toEqual(value(4n))
    expect([sent.delete(a.near), sent.delete(a.near), sent.has(a.near)]).toEqual([true, false, false])
    expect(sent.has(server)).toBe(true)
    server.close()
  })

  test('does not mind encryption', async () => {
    await using a = await connection()
    using sent = make()
    const encrypted = new TLSSocket(a.near)
    sent.set(encrypted, value(1n))
    expect(sent.get(encrypted)).toEqual(value(1n))
    expect(sent.get(descriptorOf(a.near))).toEqual(value(1n))
    await closed(encrypted)
  })

  test.each([false, true])(
    'gives connections a copy of what the listening socket has, if told to: %s',
    async (clone) => {
      using marks = SocketStorage.create({ name: 'marks', value: u64, clone })
      const server = await listener()
      marks.set(server, 7n)
      const near = connect(portOf(server), '127.0.0.1')
      const [far] = (await once(server, 'connection')) as [Socket]
      expect([marks.get(far), marks.get(server)]).toEqual([clone ? 7n : undefined, 7n])
      marks.set(far, 8n)
      expect(marks.get(server)).toBe(7n)
      server.close()
      await Promise.all([closed(near), closed(far)])
      expect(() => SocketStorage.create({ name: 'marks', value: u64, clone: 'yes' } as never)).toThrow(
        expect.objectContaining({ argument: 'options.clone' }),
      )
    },
  )

  test('creates or replaces only, where it is told to', async () => {
    await using a = await connection()
    using sent = make()
    expect(() => sent.set(a.near, value(1n), 'replace')).toThrow(expect.objectContaining({ code: 'ERR_KEY_MISSING' }))
    sent.set(a.near, value(1n), 'create').set(a.near, value(2n), 'replace')
    expect(() => sent.set(a.near, value(3n), 'create')).toThrow(expect.objectContaining({ code: 'ERR_KEY_EXISTS' }))
    expect(sent.get(a.near)).toEqual(value(2n))
    expect(() => sent.set(a.near, value(3n), 'make' as never)).toThrow(expect.objectContaining({ argument: 'mode' }))
  })

  test('refuses what is no socket and no value', async () => {
    await using a = await connection()
    using sent = make()
    const file = openSync('/dev/null', 'r')
    const isNone = expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'socket' })
    for (const none of [file, 0x7fff_ffff, -1, 1.5, undefined, null, {}]) {
      expect(() => sent.get(none as never)).toThrow(isNone)
      expect(() => sent.set(none as never, value(1n))).toThrow(isNone)
      expect(() => sent.delete(none as never)).toThrow(isNone)
    }
    closeSync(file)
    expect(() => sent.set(a.near, { packets: 1, bytes: 1n } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'value.packets' }),
    )
    expect(() => sent.set(a.near, undefined as never)).toThrow(expect.objectContaining({ argument: 'value' }))
    await closed(a.near)
    expect(() => sent.get(a.near)).toThrow(/this one was closed/)
    expect(() => SocketStorage.create({ name: 'sent' } as never)).toThrow(
      expect.objectContaining({ argument: 'options.value' }),
    )
    expect(() => SocketStorage.create({ name: 'sent', value: u64, maxEntries: 7 } as never)).toThrow(
      expect.objectContaining({ argument: 'options', value: 'maxEntries' }),
    )
  })

  test('refuses everything once it is frozen or closed', async () => {
    await using a = await connection()
    const sent = make()
    sent.set(a.near, value(1n)).freeze()
    expect(() => sent.set(a.near, value(2n))).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
    expect(() => sent.delete(a.near)).toThrow(expect.objectContaining({ code: 'ERR_MAP_READ_ONLY' }))
    expect(sent.get(a.near)).toEqual(value(1n))
    sent.close()
    const isClosed = expect.objectContaining({ code: 'ERR_CLOSED', what: 'map' })
    expect(() => sent.get(a.near)).toThrow(isClosed)
    expect(() => sent.set(a.near, value(1n))).toThrow(isClosed)
    expect(() => sent.delete(a.near)).toThrow(isClosed)
  })

  test('has values of any length, up to what a socket may have', async () => {
    await using a = await connection()
    for (const size of [1, 3, 4, 13, 4096]) {
      using sizes = SocketStorage.create({ name: 'sizes', value: bytes(size) })
      const written = Uint8Array.from({ length: size }, (_, index) => index)
      expect(sizes.set(a.near, written).get(a.near)).toEqual(written)
    }
    const most = Number(readFileSync('/proc/sys/net/core/optmem_max', 'utf8'))
    const set = () => {
      for (let copies = 0; copies < most / 60_000 + 1; copies++) {
        const another = SocketStorage.create({ name: 'large', value: bytes(60_000) })
        opened.push(another)
        another.set(a.near, new Uint8Array(60_000))
      }
    }
    const opened: SocketStorage<Uint8Array>[] = []
    try {
      expect(set).toThrow(expect.objectContaining({ code: 'ERR_MAP_MEMORY', map: 'large' }))
    } finally {
      for (const each of opened) each.close()
    }
  })

  test('is not disturbed by a value that uses it while it is read', async () => {
    await using a = await connection()
    using sent = make()
    const meddling = {
      get packets() {
        sent.set(a.far, value(9n))
        return 1n
      },
      bytes: 10n,
    }
    sent.set(a.near, meddling)
    expect([sent.get(a.near), sent.get(a.far)]).toEqual([value(1n), value(9n)])
  })

  test('can be pinned and opened again, by every codec of its size where it was made without types', async () => {
    using bpffs = mountBpffs()
    await using a = await connection()
    using sent = make()
    sent.set(a.near, value(1n)).pin(`${bpffs.path}/sent`)
    using again = SocketStorage.open(`${bpffs.path}/sent`, { value: Traffic })
    expect(again.get(a.near)).toEqual(value(1n))
    const differs = expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' })
    expect(() => SocketStorage.open(`${bpffs.path}/sent`, { value: u64 })).toThrow(differs)
    using array = RawMap.create({ type: 'array', name: 'numbers', keySize: 4, valueSize: 16, maxEntries: 4 })
    expect(() => SocketStorage.from(array, { value: Traffic })).toThrow(differs)
  })
})

describe('a SocketStorage of an object file', () => {
  test('has the types of its C', async () => {
    using object = await load(storage)
    using typed = SocketStorage.from(RawMap.openById(object.maps.sent.id), { value: Traffic })
    expect(typed.id).toBe(object.maps.sent.id)
    using raw = RawMap.openById(object.maps.sent.id)
    const other = struct({ sent: u64, more: u8 })
    expect(other.size).toBe(Traffic.size)
    expect(() => SocketStorage.from(raw, { value: other })).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE', message: expect.stringMatching(/packets/) }),
    )
  })

  test('counts what each socket sends', async () => {
    await using group = await makeCgroup()
    using object = await load(storage)
    const { sent } = object.maps
    using _program = attachCgroup(object.programs.count, group.path)
    using _member = joined(group.path)
    await using talks = await connection()
    await using listens = await connection()
    const before = sent.get(listens.near)
    // What it had before counts on.
    sent.set(talks.near, { packets: 1000n, bytes: 1_000_000n })
    talks.far.resume()
    talks.near.write(Buffer.alloc(5000))
    await vi.waitFor(() => expect(talks.far.bytesRead).toBe(5000), 10_000)
    const { packets = 0n, bytes = 0n } = sent.get(talks.near) ?? {}
    expect(packets).toBeGreaterThan(1000n)
    expect(bytes).toBeGreaterThanOrEqual(1_005_000n)
    expect(bytes).toBeLessThan(1_010_000n)
    expect(sent.get(listens.near)).toEqual(before)
  })
})

/** This process in a control group, until dispose: sockets belong to the group in which they were made. */
function joined(path: string): Disposable {
  const home = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/'
  const enter = (group: string) => writeFileSync(`${group}/cgroup.procs`, `${process.pid}`)
  enter(path)
  return { [Symbol.dispose]: () => enter(`${cgroupRoot()}${home}`) }
}
