import { load } from '@millrace/core'
import { afterAll, expect, it } from 'vitest'
import { classifier } from '../test/generated/classifier.bpf.js'
import { makeNetwork } from '../test/network.js'
import { deliver } from '../test/traffic.js'
import { attachTc, queryTc } from './index.js'

const network = await makeNetwork()
const { near, far } = network.hosts
afterAll(() => network.close())

it('runs the programs of the examples one after the other', async () => {
  using object = await load(classifier)
  const { classify, count } = object.programs
  const options = { netns: far.netns, direction: 'ingress' } as const
  using last = attachTc(count, 'eth0', options)
  using _before = attachTc(classify, 'eth0', { ...options, order: { before: last } })
  await deliver(near, far, 3)
  const packets = object.maps.packets.get(0)?.reduce((sum, counter) => sum + counter.packets, 0n)
  expect(packets).toBe(3n)
  expect(queryTc('eth0', options).programs.map(({ program }) => program?.name)).toEqual(['classify', 'count'])
})
