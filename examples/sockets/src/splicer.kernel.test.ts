import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { socketKey } from '@millrace/socket'
import { expect, test, vi } from 'vitest'
import { makeMiddle } from '../../../packages/socket/test/middle.js'
import { receive, receiveAll, send } from '../../../packages/socket/test/transfer.js'
import { Splicer } from './splicer.js'

const MB = 1024 * 1024

test('the end of a connection is passed on when all before it is through', async () => {
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
    expect(middle.read()).toEqual({ events: 0, bytes: 0 })
    await vi.waitFor(() => expect([middle.toClient.closed, middle.toServer.closed]).toEqual([true, true]), 10_000)
  }
}, 120_000)

test('a reset of one closes the other, too', async () => {
  using splicer = await Splicer.create()
  await using middle = await makeMiddle()
  splicer.join(middle.toClient, middle.toServer)
  const sent = await send(middle.client, 1000)
  expect(await receive(middle.server, 1000)).toEqual(sent)
  middle.server.resume()
  middle.client.resetAndDestroy()
  await vi.waitFor(() => expect([middle.toClient.closed, middle.toServer.closed]).toEqual([true, true]), 10_000)
})

test.each(['client', 'server'] as const)(
  'when the %s has reset its connection just before, both are closed',
  async (peer) => {
    using splicer = await Splicer.create()
    await using middle = await makeMiddle({ reading: false })
    middle[peer].resetAndDestroy()
    // Who does not read from a socket learns of it only by asking.
    await vi.waitFor(() => expect(() => socketKey(middle[peer === 'client' ? 'toClient' : 'toServer'])).toThrow(), 5000)
    splicer.join(middle.toClient, middle.toServer)
    await vi.waitFor(() => expect([middle.toClient.closed, middle.toServer.closed]).toEqual([true, true]), 10_000)
  },
)

test('what waits to get through when both are closed does not ask a splicer that is closed as well', async () => {
  const failures: unknown[] = []
  const fail = (error: unknown) => failures.push(error)
  process.on('unhandledRejection', fail)
  try {
    const splicer = await Splicer.create()
    await using middle = await makeMiddle()
    splicer.join(middle.toClient, middle.toServer)
    // The server reads nothing, so the end of the client overtakes megabytes.
    middle.server.pause()
    middle.client.end(Buffer.alloc(32 * MB))
    await once(middle.toClient, 'end')
    const closed = new Promise((resolve) => middle.toServer.once('close', resolve))
    middle.server.resetAndDestroy()
    await closed
    splicer.close()
    await sleep(50)
    expect(failures).toEqual([])
  } finally {
    process.off('unhandledRejection', fail)
  }
}, 60_000)
