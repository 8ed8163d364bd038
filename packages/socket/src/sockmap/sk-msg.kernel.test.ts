import type { Socket } from 'node:net'
import { load } from '@millrace/core'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sockMaps } from '../../../../bpf/test/generated/sock_maps.bpf.js'
import { type Connection, connection } from '../../../maps/test/sockets.js'
import { heardBy } from '../../test/heard.js'
import { sentByTcp } from '../../test/sent-by-tcp.js'
import { exchange } from '../../test/transfer.js'
import { attachSockMap, type SockMapAttachment, socketKey } from '../index.js'

const object = await load(sockMaps)
const { peers, sockets } = object.maps
const { last, toIndex, toFlags, pulled, applied } = object.variables
const { lookAtMessage, sendToIndex, sendToOtherEnd, sendToOtherEndOrPass } = object.programs
const INGRESS = 1n

let attachment: SockMapAttachment | undefined
let a: Connection

beforeEach(async () => {
  a = await connection()
})
afterEach(async () => {
  attachment?.close()
  await a[Symbol.asyncDispose]()
  toIndex.set(0)
  toFlags.set(0n)
  pulled.set(0)
  applied.set(0)
  last.set({ ...last.get(), times: 0n })
})
afterAll(() => object.close())

const wrote = (socket: Socket, text: string) => new Promise((done) => socket.write(text, done))

const until = (check: () => void) => vi.waitFor(check, 10_000)

describe('an sk_msg program', () => {
  test('sees what a socket sends, and whose it is', async () => {
    attachment = attachSockMap(lookAtMessage, peers)
    peers.set(0, a.near)
    const heard = heardBy(a.far)
    await wrote(a.near, 'hello world')
    expect(last.get()).toMatchObject({ key: socketKey(a.near), length: 11, first: 104, sixth: 32, error: 0, times: 1n })
    await wrote(a.near, 'abc')
    expect(last.get()).toMatchObject({ length: 3, first: 97, sixth: -1, times: 2n })
    await until(() => expect(heard.text).toBe('hello worldabc'))
    await wrote(a.far, 'not in the map')
    expect(last.get().times).toBe(2n)
  })

  test('makes as much accessible as there is, and no more', async () => {
    attachment = attachSockMap(lookAtMessage, peers)
    peers.set(0, a.near)
    pulled.set(6)
    await wrote(a.near, 'hello world')
    expect(last.get()).toMatchObject({ first: 104, sixth: 32, error: 0 })
    pulled.set(1000)
    await wrote(a.near, 'hello')
    expect(last.get().error).toBeLessThan(0)
  })

  test('decides piece by piece, when it says for how many bytes', async () => {
    attachment = attachSockMap(lookAtMessage, peers)
    peers.set(0, a.near)
    applied.set(4)
    const heard = heardBy(a.far)
    await wrote(a.near, '123456789')
    expect(last.get().times).toBe(3n)
    await until(() => expect(heard.text).toBe('123456789'))
  })

  test('refuses a message, and the sender gets EACCES', async () => {
    attachment = attachSockMap(lookAtMessage, peers)
    peers.set(0, a.near)
    const heard = heardBy(a.far)
    await wrote(a.near, 'let by')
    const error = await wrote(a.near, 'x is not')
    expect(error).toMatchObject({ code: 'EACCES' })
    await until(() => expect(heard.text).toBe('let by'))
  })
})

describe('a message is handed to another socket', () => {
  test('by index, into its receive queue, past TCP', async () => {
    attachment = attachSockMap(sendToIndex, peers)
    toFlags.set(INGRESS)
    peers.set(0, a.far).set(1, a.near)
    const heard = heardBy(a.far)
    await wrote(a.near, 'short')
    await wrote(a.near, 'cut')
    await until(() => expect(heard.text).toBe('shortcut'))
    expect(sentByTcp(a.near)).toBe(0)
  })

  test('by index, out through it', async () => {
    await using b = await connection()
    attachment = attachSockMap(sendToIndex, peers)
    peers.set(0, b.near).set(1, a.near)
    const [there, elsewhere] = [heardBy(a.far), heardBy(b.far)]
    await wrote(a.near, 'detour')
    await until(() => expect(elsewhere.text).toBe('detour'))
    expect(there.text).toBe('')
    expect([sentByTcp(a.near), sentByTcp(b.near)]).toEqual([0, 6])
  })

  test('by key: the other end of the same connection, both ways, past TCP', async () => {
    attachment = attachSockMap(sendToOtherEnd, sockets)
    toFlags.set(INGRESS)
    sockets.set(socketKey(a.near), a.near).set(socketKey(a.far), a.far)
    const { there, back } = await exchange(a.near, a.far, 16 * 1024 * 1024)
    expect(there.received).toEqual(there.sent)
    expect(back.received).toEqual(back.sent)
    expect([sentByTcp(a.near), sentByTcp(a.far)]).toEqual([0, 0])
  }, 120_000)

  test('and refused, or let go its way, where there is none', async () => {
    attachment = attachSockMap(sendToOtherEnd, sockets)
    toFlags.set(INGRESS)
    sockets.set(socketKey(a.near), a.near)
    expect(await wrote(a.near, 'nowhere')).toMatchObject({ code: 'EACCES' })
    attachment.close()

    await using b = await connection()
    attachment = attachSockMap(sendToOtherEndOrPass, sockets)
    sockets.set(socketKey(b.near), b.near)
    const heard = heardBy(b.far)
    expect(await wrote(b.near, 'by TCP')).toBeFalsy()
    await until(() => expect(heard.text).toBe('by TCP'))
    expect(sentByTcp(b.near)).toBe(6)
  })
})
