import assert from 'node:assert/strict'
import { load } from '@millrace/core'
import { type AttachTcOptions, adoptTc, attachTc, purgeTc, queryNetkit, queryTc, type TcMechanism } from '@millrace/tc'
import type { Area } from '../feature.js'
import { everywhere } from '../generated/everywhere.bpf.js'
import { makeNetwork, reaches } from '../network.js'

async function attached(
  mechanism: AttachTcOptions['mechanism'],
  direction: 'ingress' | 'egress',
): Promise<TcMechanism> {
  await using network = await makeNetwork()
  const { near, far } = network.hosts
  const where = { direction, mechanism, netns: far.netns } as const
  using object = await load(everywhere)
  let chosen: TcMechanism
  // Who asks for addresses is answered.
  assert.equal(await reaches(near), true)
  {
    using attachment = attachTc(object.programs.tcDrop, 'eth0', where)
    chosen = attachment.mechanism
    assert.equal(queryTc('eth0', { direction, netns: far.netns }).programs[0]?.program?.name, 'tc_drop')
    assert.equal(await reaches(near), false)
    assert.ok(object.variables.seen.get() > 0n)
  }
  assert.deepEqual(queryTc('eth0', { direction, netns: far.netns }).programs, [])
  assert.equal(await reaches(near), true)
  return chosen
}

const tc: Area = {
  'tc by clsact, ingress': { since: '5.10', run: () => attached('clsact', 'ingress') },
  'tc by clsact, egress': { since: '5.10', run: () => attached('clsact', 'egress') },
  'tc by TCX, ingress': { since: '6.6', run: () => attached('tcx', 'ingress') },
  'tc by TCX, egress': { since: '6.6', run: () => attached('tcx', 'egress') },
  'tc by whatever there is': { since: '5.10', run: () => attached('auto', 'ingress') },
  'tc that outlives its process': {
    since: '5.10',
    async run() {
      await using network = await makeNetwork()
      const { netns } = network.hosts.far
      using object = await load(everywhere)
      const where = { direction: 'ingress', netns, name: 'kernels' } as const
      adoptTc(object.programs.tcDrop, 'eth0', where).close()
      using again = adoptTc(object.programs.tcDrop, 'eth0', where)
      assert.equal(again.adopted, true)
      assert.equal(await reaches(network.hosts.near), false)
      assert.ok(purgeTc({ netns }).length > 0)
    },
  },
  'netkit, asked': {
    since: '6.7',
    config: 'CONFIG_NETKIT',
    run() {
      assert.throws(
        () => queryNetkit('lo', { endpoint: 'primary' }),
        (error: { code?: string }) => {
          // An interface of another kind is told from a kernel without.
          if (error.code === 'ERR_ARGUMENT') return true
          throw error
        },
      )
    },
  },
}
export default tc
