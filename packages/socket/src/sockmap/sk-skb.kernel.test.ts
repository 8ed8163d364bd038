import { once } from 'node:events'
import { load } from '@millrace/core'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { sockMaps } from '../../../../bpf/test/generated/sock_maps.bpf.js'
import { connection, udp } from '../../../maps/test/sockets.js'
import { heardBy } from '../../test/heard.js'
import { attachSockMap, socketKey } from '../index.js'

const object = await load(sockMaps)
const { peers, sockets } = object.maps
const { last, toIndex, toFlags, pulled } = object.variables
const { lookAtStream, parse, receiveToOther, receiveToOtherOrPass, datagramToIndex } = object.programs
const INGRESS = 1n

afterEach(() => {
  toIndex.set(0)
  toFlags.set(0n)
  pulled.set(0)
  last.set({ ...last.get(), times: 0n })
})
afterAll(() => object.close())

const until = (check: () => void) => vi.waitFor(check, 10_000)

/** As `parse` expects it: its length in front. */
function message(text: string): Buffer {
  const bytes = Buffer.alloc(4 + text.length, text, 'latin1')
  bytes.writeUInt32BE(text.length)
  bytes.write(text, 4, 'latin1')
  return bytes
}

describe('a stream verdict', () => {
  test('sees what a socket receives, and whose it is', async () => {
    await using a = await connection()
    using _ = attachSockMap(lookAtStream, peers)
    peers.set(0, a.far)
    const heard = heardBy(a.far)
    pulled.set(6)
    a.near.write('hello world')
    await until(() => expect(heard.text).toBe('hello world'))
    expect(last.get()).toMatchObject({ key: socketKey(a.far), length: 11, first: 104, sixth: 32, error: 0, times: 1n })
    pulled.set(1000)
    a.near.write('abc')
    await until(() => expect(heard.text).toBe('hello worldabc'))
    expect(last.get()).toMatchObject({ length: 3, first: -1, sixth: -1, times: 2n })
    expect(last.get().error).toBeLessThan(0)
  })

  test('throws away what it does not like', async () => {
    await using a = await connection()
    using _ = attachSockMap(lookAtStream, peers)
    peers.set(0, a.far)
    pulled.set(6)
    const heard = heardBy(a.far)
    for (const [text, times] of [
      ['first  ', 1n],
      ['drop x ', 2n],
      ['last   ', 3n],
    ] as const) {
      a.near.write(text)
      await until(() => expect(last.get().times).toBe(times))
    }
    await until(() => expect(heard.text).toBe('first  last   '))
  })

  test('hands on by key, drops what has no place, or leaves that to the process', async () => {
    await using a = await connection()
    await using b = await connection()
    const elsewhere = heardBy(b.far)
    const own = heardBy(a.far)
    using attachment = attachSockMap(receiveToOther, peers)
    sockets.set(socketKey(a.far), b.near)
    peers.set(0, a.far)
    a.near.write('one')
    await until(() => expect(elsewhere.text).toBe('one'))

    sockets.delete(socketKey(a.far))
    await new Promise((done) => a.near.write('two', done))

    // A socket changes its program when it is set again.
    attachment.update(receiveToOtherOrPass)
    peers.delete(0)
    peers.set(0, a.far)
    a.near.write('three')
    await until(() => expect(own.text).toBe('three'))
    sockets.set(socketKey(a.far), b.near)
    a.near.write('four')
    await until(() => expect(elsewhere.text).toBe('onefour'))
    expect(own.text).toBe('three')
    sockets.clear()
  })

  test('hands into the receive queue of another socket', async () => {
    await using a = await connection()
    await using b = await connection()
    using _ = attachSockMap(receiveToOther, peers)
    toFlags.set(INGRESS)
    sockets.set(socketKey(a.far), b.near)
    peers.set(0, a.far)
    const heard = heardBy(b.near)
    a.near.write('inwards')
    await until(() => expect(heard.text).toBe('inwards'))
    sockets.clear()
  })

  test('is not asked about the end of a connection twice: the process learns it', async () => {
    await using a = await connection()
    await using b = await connection()
    using _ = attachSockMap(receiveToOther, peers)
    sockets.set(socketKey(a.far), b.near)
    peers.set(0, a.far)
    const failed = vi.fn()
    b.near.on('error', failed)
    const heard = heardBy(b.far)
    const ended = once(a.far, 'end')
    a.far.resume()
    b.near.resume()
    a.near.end('last')
    await ended
    await until(() => expect(heard.text).toBe('last'))
    b.near.write(' and more')
    await until(() => expect(heard.text).toBe('last and more'))
    expect(failed).not.toHaveBeenCalled()
    sockets.clear()
  })
})

describe('a stream parser', () => {
  test('has the verdict wait for the whole message', async () => {
    await using a = await connection()
    using _ = attachSockMap(parse, peers)
    using _verdict = attachSockMap(lookAtStream, peers)
    peers.set(0, a.far)
    pulled.set(6)
    const heard = heardBy(a.far)
    const bytes = message('abcdef')
    a.near.setNoDelay()
    for (const piece of [bytes.subarray(0, 2), bytes.subarray(2, 7), bytes.subarray(7)]) {
      expect(last.get().times).toBe(0n)
      expect(heard.text).toBe('')
      await new Promise((done) => a.near.write(piece, done))
    }
    await until(() => expect(heard.text).toBe('\0\0\0\x06abcdef'))
    expect(last.get()).toMatchObject({ length: 10, sixth: 98, times: 1n })
    a.near.write(message('axe'))
    await until(() => expect(last.get().times).toBe(2n))
    a.near.write(message('bye'))
    await until(() => expect(heard.text).toBe('\0\0\0\x06abcdef\0\0\0\x03bye'))
  })
})

describe('a verdict', () => {
  test('hands datagrams from one UDP socket to another', async () => {
    await using a = await udp()
    await using b = await udp()
    await using sender = await udp()
    using _ = attachSockMap(datagramToIndex, peers)
    toIndex.set(1)
    toFlags.set(INGRESS)
    // Who is to get what was sent to others must be connected, to anybody.
    b.socket.connect(9, '127.0.0.1')
    await once(b.socket, 'connect')
    peers.set(0, a.descriptor).set(1, b.descriptor)
    const wrong = vi.fn()
    a.socket.on('message', wrong)
    const received = once(b.socket, 'message')
    sender.socket.send('hello', a.socket.address().port, '127.0.0.1')
    const [data] = await received
    expect(String(data)).toBe('hello')
    expect(wrong).not.toHaveBeenCalled()
  })
})
