import assert from 'node:assert/strict'
import { Link, load } from '@millrace/core'
import { DevMap } from '@millrace/maps'
import { attachXdp, queryXdp, type XdpMechanism, type XdpMode } from '@millrace/xdp'
import { verdicts } from '../../../packages/xdp/test/generated/verdicts.bpf.js'
import type { Area } from '../feature.js'
import { everywhere } from '../generated/everywhere.bpf.js'
import { makeNetwork, reaches } from '../network.js'

/** Packets pass, are dropped, and pass again. */
async function attached(mode: XdpMode, mechanism: XdpMechanism): Promise<void> {
  await using network = await makeNetwork()
  const { near, far } = network.hosts
  const { netns } = far
  using object = await load(everywhere)
  {
    using attachment = attachXdp(object.programs.count, 'eth0', { netns, mode, mechanism })
    assert.deepEqual([attachment.mode, attachment.mechanism], [mode, mechanism])
    assert.equal(await reaches(near), true)
    assert.ok(object.variables.seen.get() >= 2n)
    attachment.update(object.programs.drop)
    assert.equal(queryXdp('eth0', { netns })[0]?.program.name, 'drop')
    assert.equal(await reaches(near), false)
  }
  assert.deepEqual(queryXdp('eth0', { netns }), [])
  assert.equal(await reaches(near), true)
}

const xdp: Area = {
  'XDP, native, by a link': { since: '5.10', run: () => attached('native', 'link') },
  'XDP, native, by netlink': { since: '5.10', run: () => attached('native', 'netlink') },
  'XDP, generic, by a link': { since: '5.10', run: () => attached('generic', 'link') },
  'XDP, generic, by netlink': { since: '5.10', run: () => attached('generic', 'netlink') },
  'pinned XDP links': {
    since: '5.10',
    async run() {
      await using network = await makeNetwork()
      const { netns } = network.hosts.far
      using object = await load(everywhere)
      const path = '/sys/fs/bpf/kernels_link'
      attachXdp(object.programs.count, 'eth0', { netns, mechanism: 'link' }).link?.pin(path)
      using link = Link.open(path)
      assert.equal(queryXdp('eth0', { netns })[0]?.linkId, link.info().id)
      link.unpin()
    },
  },
  'XDP for packets in several buffers (frags)': {
    since: '5.18',
    async run() {
      await using network = await makeNetwork()
      using object = await load(verdicts, { omit: ['onAnotherCpu', 'beforeLeaving', 'notXdp'] })
      using _ = attachXdp(object.programs.passFrags, 'eth0', { netns: network.hosts.far.netns })
      assert.equal(await reaches(network.hosts.near), true)
    },
  },
  'programs of interface maps': {
    since: '5.10',
    async run() {
      using object = await load(verdicts, { omit: ['onAnotherCpu', 'passFrags', 'notXdp'] })
      using map = DevMap.create({ name: 'devices', maxEntries: 2 })
      map.set(0, { interface: 'lo', program: object.programs.beforeLeaving })
      assert.equal(map.get(0)?.programId, object.programs.beforeLeaving.id)
    },
  },
}
export default xdp
