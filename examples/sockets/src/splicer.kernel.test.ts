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
