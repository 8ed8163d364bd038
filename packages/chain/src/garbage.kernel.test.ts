import { afterAll, expect, it } from 'vitest'
import { makeNetwork } from '../test/network.js'
import { recordOn, Sender } from '../test/stream.js'
import { useChildren } from '../test/support/child.js'

const children = useChildren('collector')
const network = await makeNetwork()
const { near, far } = network.hosts
const recorder = await recordOn(far)
const sender = await Sender.start(near, far)

afterAll(async () => {
  await sender.close()
  recorder[Symbol.dispose]()
  await network.close()
})

it('a chain that nobody in the process holds is not emptied by the garbage collector', async () => {
  const where = { hook: 'xdp', interface: 'eth0', netns: far.netns }
  const child = children.start('collector', [where], ['--expose-gc', '--no-warnings'])
  await child.says('collected')
  const sent = await sender.burst()
  expect(await recorder.traces(sent)).toEqual(new Map([['3 1 2', sent]]))
  await child.kill()
})
