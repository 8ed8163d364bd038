import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { load } from '@millrace/core'
import { SockMap } from '@millrace/maps'
import {
  attachCgroup,
  attachFlowDissector,
  attachSkLookup,
  attachSockMap,
  cgroupRoot,
  queryCgroup,
  querySockMap,
} from '@millrace/socket'
import { sockMaps } from '../../../bpf/test/generated/sock_maps.bpf.js'
import { portRange } from '../../../examples/sockets/src/generated/port_range.bpf.js'
import { redirect } from '../../../examples/sockets/src/generated/redirect.bpf.js'
import { netnsHooks } from '../../../packages/socket/test/generated/netns_hooks.bpf.js'
import type { Area } from '../feature.js'
import { everywhere } from '../generated/everywhere.bpf.js'
import { makeNetwork } from '../network.js'
import { connection, portOf } from '../sockets.js'

/** Runs `work` in a control group of its own. */
async function inGroup(work: (path: string) => Promise<void>): Promise<void> {
  const root = cgroupRoot()
  const path = `${root}/kernels`
  mkdirSync(path)
  try {
    writeFileSync(`${path}/cgroup.procs`, String(process.pid))
    await work(path)
  } finally {
    writeFileSync(`${root}/cgroup.procs`, String(process.pid))
    rmdirSync(path)
  }
}

function grouped(mechanism: 'link' | 'direct') {
  return () =>
    inGroup(async (path) => {
      using object = await load(everywhere)
      const { connecting, operation, leaving } = object.programs
      for (const attach of [
        () => attachCgroup(connecting, path, { mechanism }),
        () => attachCgroup(operation, path, { mechanism }),
        () => attachCgroup(leaving, path, { mechanism }),
      ]) {
        object.variables.seen.set(0n)
        using attachment = attach()
        assert.equal(attachment.mechanism, mechanism)
        assert.equal(queryCgroup(path, { hook: attachment.hook }).programs.length, 1)
        await using _ = await connection()
        assert.ok(object.variables.seen.get() > 0n, `${attachment.hook} did not run`)
      }
    })
}

const sockets: Area = {
  'control groups, by links': { since: '5.10', run: grouped('link') },
  'control groups, without links': { since: '5.10', run: grouped('direct') },
  'order in a control group': {
    since: '6.17',
    run: () =>
      inGroup(async (path) => {
        using object = await load(everywhere)
        using _last = attachCgroup(object.programs.connecting, path)
        using other = await load(everywhere)
        using _first = attachCgroup(other.programs.connecting, path, { order: 'first' })
      }),
  },
  'connect() redirected': {
    since: '5.10',
    run: () =>
      inGroup(async (path) => {
        const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
        await once(server, 'listening')
        try {
          using rules = await load(redirect)
          rules.maps.backends.set({ address: '192.0.2.80', port: 80 }, { address: '127.0.0.1', port: portOf(server) })
          using _ = attachCgroup(rules.programs.connect4, path)
          const socket = connect(80, '192.0.2.80')
          const [data] = await once(socket, 'data')
          assert.equal(String(data), 'hello')
          socket.destroy()
        } finally {
          server.close()
        }
      }),
  },
  'one listener for many ports (sk_lookup)': {
    since: '5.10',
    async run() {
      const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
      await once(server, 'listening')
      try {
        const constants = { address: '127.0.0.1', firstPort: 2000, lastPort: 2999 }
        using range = await load(portRange, { constants })
        range.maps.listeners.set(0, server)
        using _ = attachSkLookup(range.programs.choose)
        const socket = connect(2345, '127.0.0.1')
        const [data] = await once(socket, 'data')
        assert.equal(String(data), 'hello')
      } finally {
        server.close()
      }
    },
  },
  'flow dissector': {
    since: '5.10',
    async run() {
      await using network = await makeNetwork()
      const { netns } = network.hosts.far
      using object = await load(netnsHooks)
      using _ = attachFlowDissector(object.programs.dissectOne, { netns })
    },
  },
  'programs of socket maps, without links': {
    since: '5.10',
    async run() {
      using object = await load(sockMaps, { omit: ['datagramToIndex'] })
      using map = SockMap.create({ name: 'peers', maxEntries: 4 })
      using attachment = attachSockMap(object.programs.lookAtMessage, map, { mechanism: 'direct' })
      await using pair = await connection()
      map.set(0, pair.client)
      pair.client.write('y')
      const [data] = await once(pair.server, 'data')
      assert.equal(String(data), 'y')
      assert.equal(attachment.mechanism, 'direct')
    },
  },
  'programs of socket maps, by links': {
    since: '6.10',
    async run() {
      using object = await load(sockMaps, { omit: ['datagramToIndex'] })
      using map = SockMap.create({ name: 'peers', maxEntries: 4 })
      using _ = attachSockMap(object.programs.lookAtMessage, map, { mechanism: 'link' })
    },
  },
  'programs of socket maps, asked': {
    since: '5.18',
    async run() {
      using object = await load(sockMaps, { omit: ['datagramToIndex'] })
      using map = SockMap.create({ name: 'peers', maxEntries: 4 })
      using _ = attachSockMap(object.programs.lookAtMessage, map)
      assert.equal(querySockMap(map)[0]?.program.name, 'look_at_message')
    },
  },
}
export default sockets
