import { load } from '@millrace/core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { sockMaps } from '../../../../bpf/test/generated/sock_maps.bpf.js'
import { splice } from '../../test/generated/splice.bpf.js'
import { type Middle, makeMiddle } from '../../test/middle.js'
import { Splicer } from '../../test/splicer.js'
import { exchange, receive, receiveAll, send } from '../../test/transfer.js'
import { attachSockMap, socketKey } from '../index.js'

const MB = 1024 * 1024
const object = await load(splice)
const { next, spliced } = object.maps
const attachment = attachSockMap(object.programs.splice, spliced)

afterAll(() => {
  attachment.close()
  object.close()
})

/** First where to, and then what: nothing that comes meanwhile is lost. */
function join({ toClient, toServer }: Middle): void {
  next.set(socketKey(toClient), toServer).set(socketKey(toServer), toClient)
  spliced.set(socketKey(toClient), toClient).set(socketKey(toServer), toServer)
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
    const other = await load(splice)
    const attachment = attachSockMap(other.programs.splice, other.maps.spliced)
    await using middle = await makeMiddle()
    const [client, server] = [socketKey(middle.toClient), socketKey(middle.toServer)]
    other.maps.next.set(client, middle.toServer).set(server, middle.toClient)
    other.maps.spliced.set(client, middle.toClient).set(server, middle.toServer)
    attachment.close()
    other.close()
    await carries(middle, MB)
  }, 60_000)

  test("are the process's again when they are deleted from the map", async () => {
    await using middle = await makeMiddle()
    join(middle)
    await carries(middle, MB)
    for (const map of [spliced, next]) {
      map.delete(socketKey(middle.toClient))
      map.delete(socketKey(middle.toServer))
    }
    const sent = await send(middle.client, 1000)
    await vi.waitFor(() => expect(middle.read().bytes).toBe(sent.bytes), 10_000)
  })

  test('leave the map when they are closed', async () => {
    await using middle = await makeMiddle()
    join(middle)
    const key = socketKey(middle.toClient)
    const has = () => [spliced, next].map((map) => map.has(key))
    expect(has()).toEqual([true, true])
    middle.toClient.destroy()
    // In `next`, the key of the one is where the other is.
    await vi.waitFor(() => expect(has()).toEqual([false, true]), 10_000)
    middle.toServer.destroy()
    await vi.waitFor(() => expect(has()).toEqual([false, false]), 10_000)
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
  test('is passed on when all before it is through', async () => {
    using splicer = await Splicer.create()
    for (let round = 0; round < 5; round++) {
      await using middle = await makeMiddle()
      splicer.join(middle.toClient, middle.toServer)
      const [there, back, arrived, returned] = await Promise.all([
        send(middle.client, 8 * MB).finally(() => middle.client.end()),
        send(middle.server, 8 * MB).finally(() => middle.server.end()),
        receiveAll(middle.server),
        receiveAll(middle.client),
      ])
      expect(arrived).toEqual(there)
      expect(returned).toEqual(back)
      expect(middle.read()).toEqual(cut)
      await vi.waitFor(() => expect([middle.toClient.closed, middle.toServer.closed]).toEqual([true, true]), 10_000)
    }
  }, 120_000)

  test('that is a reset closes the other, too', async () => {
    using splicer = await Splicer.create()
    await using middle = await makeMiddle()
    splicer.join(middle.toClient, middle.toServer)
    const sent = await send(middle.client, 1000)
    expect(await receive(middle.server, 1000)).toEqual(sent)
    middle.server.resume()
    middle.client.resetAndDestroy()
    await vi.waitFor(() => expect([middle.toClient.closed, middle.toServer.closed]).toEqual([true, true]), 10_000)
  })

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
