import { load } from '@millrace/core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { sockMaps } from '../../../../bpf/test/generated/sock_maps.bpf.js'
import { type Middle, makeMiddle } from '../../test/middle.js'
import { exchange, receive, send } from '../../test/transfer.js'
import { attachSockMap, socketKey } from '../index.js'

const MB = 1024 * 1024
/** `sockets` tells where to, and no program is attached to it; `peers` has those that are spliced. */
const object = await loadObject()
const { sockets: next, peers: spliced } = object.maps
const attachment = attachSockMap(object.programs.receiveToOther, spliced)
let places = 0

afterAll(() => {
  attachment.close()
  object.close()
})

function loadObject() {
  return load(sockMaps, { maps: { peers: { maxEntries: 64 } } })
}

/** First where to, and then what: nothing that comes meanwhile is lost. Returns the places of both in `spliced`. */
function join({ toClient, toServer }: Middle, { sockets, peers } = object.maps): [number, number] {
  sockets.set(socketKey(toClient), toServer).set(socketKey(toServer), toClient)
  const [first, second] = [places++ % 64, places++ % 64]
  peers.set(first, toClient).set(second, toServer)
  return [first, second]
}

const cut = { events: 0, bytes: 0 }

describe('two TCP connections that are spliced', () => {
  test('by a SockHash carry 64 MB each way, and the process between them reads nothing', async () => {
    await using middle = await makeMiddle()
    join(middle)
    await carries(middle, 64 * MB)
  }, 240_000)

  test('by a SockMap carry 64 MB each way, and the process between them reads nothing', async () => {
    using object = await load(sockMaps)
    const { peers } = object.maps
    using _ = attachSockMap(object.programs.swap, peers)
    await using middle = await makeMiddle()
    object.variables.firstPort.set(middle.toClient.localPort ?? 0)
    peers.set(0, middle.toClient).set(1, middle.toServer)
    await carries(middle, 64 * MB)
  }, 240_000)

  test('carry nothing of each other when there are many', async () => {
    const middles = await Promise.all(Array.from({ length: 20 }, () => makeMiddle()))
    try {
      for (const middle of middles) join(middle)
      await Promise.all(middles.map((middle) => carries(middle, MB)))
    } finally {
      await Promise.all(middles.map((middle) => middle[Symbol.asyncDispose]()))
    }
  }, 120_000)

  test('go on when the map, its link and its program are closed', async () => {
    const other = await loadObject()
    const attachment = attachSockMap(other.programs.receiveToOther, other.maps.peers)
    await using middle = await makeMiddle()
    join(middle, other.maps)
    attachment.close()
    other.close()
    await carries(middle, MB)
  }, 60_000)

  test("are the process's again when they are deleted from the map", async () => {
    await using middle = await makeMiddle()
    const joined = join(middle)
    await carries(middle, MB)
    for (const place of joined) spliced.delete(place)
    const sent = await send(middle.client, 1000)
    await vi.waitFor(() => expect(middle.read().bytes).toBe(sent.bytes), 10_000)
  })

  test('leave the maps when they are closed', async () => {
    await using middle = await makeMiddle()
    const [first, second] = join(middle)
    const [key, otherKey] = [socketKey(middle.toClient), socketKey(middle.toServer)]
    const has = () => [spliced.has(first), spliced.has(second), next.has(otherKey), next.has(key)]
    expect(has()).toEqual([true, true, true, true])
    middle.toClient.destroy()
    // In `next`, the key of the one is where the other is.
    await vi.waitFor(() => expect(has()).toEqual([false, true, false, true]), 10_000)
    middle.toServer.destroy()
    await vi.waitFor(() => expect(has()).toEqual([false, false, false, false]), 10_000)
  })
})

describe('what was received before a connection is spliced', () => {
  test('goes with the next that comes, in order', async () => {
    await using middle = await makeMiddle({ reading: false })
    await new Promise((done) => middle.client.write('before ', done))
    join(middle)
    middle.client.write('after')
    const expected = 'before after'
    let received = ''
    middle.server.on('data', (data) => {
      received += data
    })
    middle.server.resume()
    await vi.waitFor(() => expect(received).toBe(expected), 10_000)
    expect(middle.read()).toEqual(cut)
  })
})

describe('the end of a connection', () => {
  test('is told to the process between them, and goes no further by itself', async () => {
    await using middle = await makeMiddle()
    join(middle)
    const ended = vi.fn()
    for (const side of ['toClient', 'toServer', 'server'] as const) middle[side].on('end', () => ended(side))
    const failed = vi.fn()
    for (const side of ['toClient', 'toServer'] as const) middle[side].on('error', failed)
    middle.client.end('last')
    expect((await receive(middle.server, 4)).bytes).toBe(4)
    await vi.waitFor(() => expect(ended.mock.calls).toEqual([['toClient']]), 10_000)
    // The other direction is still open.
    const sent = await send(middle.server, MB)
    expect(await receive(middle.client, MB)).toEqual(sent)
    middle.toServer.end()
    await vi.waitFor(() => expect(middle.server.readableEnded || ended.mock.calls.length > 1).toBe(true), 10_000)
    expect(failed).not.toHaveBeenCalled()
    expect(middle.read()).toEqual(cut)
  })
})

async function carries(middle: Middle, bytes: number): Promise<void> {
  const { there, back } = await exchange(middle.client, middle.server, bytes)
  expect(there.received).toEqual(there.sent)
  expect(back.received).toEqual(back.sent)
  expect(middle.read()).toEqual(cut)
}
