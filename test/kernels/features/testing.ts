import assert from 'node:assert/strict'
import { load } from '@millrace/core'
import { packet, testFlowDissector, testRun, testSkLookup } from '@millrace/testing'
import { netnsHooks } from '../../../packages/socket/test/generated/netns_hooks.bpf.js'
import type { Area } from '../feature.js'
import { everywhere } from '../generated/everywhere.bpf.js'

const udp = packet().ethernet().ipv4().udp({ destinationPort: 53 })

const testing: Area = {
  'test runs of XDP': {
    since: '5.10',
    async run() {
      using object = await load(everywhere)
      const { action, packet: after } = testRun(object.programs.count, udp)
      assert.equal(action, 'pass')
      assert.equal(after.get('ipv4')?.ttl, 64)
    },
  },
  'test runs of XDP with a context': {
    since: '5.15',
    async run() {
      using object = await load(everywhere)
      const { action } = testRun(object.programs.drop, udp, { context: { ingressIfindex: 1 } })
      assert.equal(action, 'drop')
    },
  },
  'test runs of tc': {
    since: '5.10',
    async run() {
      using object = await load(everywhere)
      assert.equal(testRun(object.programs.tcDrop, udp, { context: { mark: 7 } }).action, 'shot')
    },
  },
  'test runs of sk_lookup': {
    // 5.13, from which Debian's 5.10 has it.
    since: '5.10',
    async run() {
      using object = await load(netnsHooks)
      const local = { address: '192.0.2.1', port: 443 }
      const remote = { address: '10.0.0.1', port: 40000 }
      const { action } = testSkLookup(object.programs.lookOne, { protocol: 'tcp', local, remote })
      assert.equal(action, 'pass')
      assert.equal(object.variables.turns.get(), 1n)
    },
  },
  'test runs of flow dissectors': {
    since: '5.10',
    async run() {
      using object = await load(netnsHooks)
      testFlowDissector(object.programs.dissectOne, udp)
    },
  },
}
export default testing
