import assert from 'node:assert/strict'
import { TailCallChain } from '@millrace/chain'
import { load } from '@millrace/core'
import { joinXdp, purgeDispatcher, queryDispatcher } from '@millrace/dispatcher'
import { stagesTc } from '../../../packages/chain/test/generated/stages_tc.bpf.js'
import { stagesXdp } from '../../../packages/chain/test/generated/stages_xdp.bpf.js'
import type { Area } from '../feature.js'
import { everywhere } from '../generated/everywhere.bpf.js'
import { makeNetwork, reaches } from '../network.js'

const omit = ['mark', 'branch', 'lone', 'writeNote', 'readNote', 'decide'] as const

const chains: Area = {
  'chain on XDP': {
    since: '5.10',
    async run() {
      await using network = await makeNetwork()
      const { near, far } = network.hosts
      using object = await load(stagesXdp, { omit })
      await using chain = await TailCallChain.create({ hook: 'xdp', interface: 'eth0', netns: far.netns })
      chain.append('one', object.programs.remember)
      chain.append('two', object.programs.remember)
      assert.equal(await reaches(near), true)
      const [one, two] = chain.stages()
      assert.ok(one !== undefined && one.packets >= 2n)
      assert.equal(one.packets, two?.packets)
      assert.equal(chain.missed, 0n)
    },
  },
  'chain on tc': {
    since: '5.10',
    async run() {
      await using network = await makeNetwork()
      const { near, far } = network.hosts
      using object = await load(stagesTc, { omit })
      const place = { hook: 'tc', interface: 'eth0', direction: 'ingress', netns: far.netns } as const
      await using chain = await TailCallChain.create(place)
      chain.append('one', object.programs.remember)
      chain.append('two', object.programs.remember)
      assert.equal(await reaches(near), true)
      chain.remove('one')
      assert.equal(await reaches(near), true)
      assert.ok((chain.stages()[0]?.packets ?? 0n) >= 4n)
    },
  },
  'chain of programs for several buffers (frags)': {
    since: '5.18',
    async run() {
      await using network = await makeNetwork()
      await using chain = await TailCallChain.create({
        hook: 'xdp',
        interface: 'eth0',
        netns: network.hosts.far.netns,
        frags: true,
      })
      assert.deepEqual(chain.names, [])
      assert.equal(await reaches(network.hosts.near), true)
    },
  },
  'several XDP programs on one interface (freplace)': {
    since: { x64: '5.10', arm64: '6.0' },
    async run() {
      await using network = await makeNetwork()
      const { near, far } = network.hosts
      const { netns } = far
      using object = await load(everywhere)
      try {
        await using first = await joinXdp(object.programs.count, 'eth0', { netns, priority: 10 })
        assert.equal(await reaches(near), true)
        await using second = await joinXdp(object.programs.drop, 'eth0', { netns, priority: 20 })
        assert.equal(queryDispatcher('eth0', { netns })?.programs.length, 2)
        assert.equal(await reaches(near), false)
        assert.ok(object.variables.seen.get() > 0n)
        await second.leave()
        await first.leave()
      } finally {
        await purgeDispatcher('eth0', { netns })
      }
    },
  },
}
export default chains
