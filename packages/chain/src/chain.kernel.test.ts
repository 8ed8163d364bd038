import { load } from '@millrace/core'
import { attachXdp, queryXdp } from '@millrace/xdp'
import { afterAll, describe, expect, it } from 'vitest'
import { stagesXdp } from '../test/generated/stages_xdp.bpf.js'
import { loadMarks, upTo } from '../test/marks.js'
import { makeNetwork } from '../test/network.js'
import { recordOn, Stream } from '../test/stream.js'
import { TailCallChain } from './index.js'

const network = await makeNetwork()
const { near, far } = network.hosts
const { netns } = far
const marks = await loadMarks('xdp', upTo(9))
const object = await load(stagesXdp)

afterAll(async () => {
  marks[Symbol.dispose]()
  object.close()
  await network.close()
})

const create = () => TailCallChain.create({ hook: 'xdp', interface: 'eth0', netns })

it('runs its stages in order', async () => {
  using recorder = await recordOn(far)
  await using chain = await create()
  chain.append('b', marks.of(2))
  chain.append('d', marks.of(4))
  chain.prepend('a', marks.of(1))
  chain.insertBefore('d', 'c', marks.of(3))
  chain.insertAfter('d', 'e', marks.of(5))
  expect(chain.names).toEqual(['a', 'b', 'c', 'd', 'e'])
  await using stream = await Stream.start(near, far)
  const sent = await stream.stop()
  expect(recorder.traces()).toEqual(new Map([['1 2 3 4 5', sent]]))
})
