import { load } from '@millrace/core'
import { attachCgroup } from '@millrace/socket'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Agent } from '../../packages/socket/test/agent.js'
import { makeCgroup, type TestCgroup } from '../../packages/socket/test/cgroup.js'
import { far, makeNetwork, near } from '../../packages/socket/test/network.js'
import { sockOps } from './generated/sock_ops.bpf.js'

/** Indexes in the map `ends`. */
const end = { connecting: 0, accepting: 1 } as const

const object = await load(sockOps)
const { maps, variables } = object
const network = await makeNetwork()
let cgroup: TestCgroup
let agent: Agent
let server: Agent

beforeAll(async () => {
  cgroup = await makeCgroup()
  agent = await Agent.start({ cgroup: cgroup.path, host: network.hosts.near })
  server = await Agent.start({ cgroup: cgroup.path, host: network.hosts.far })
})
afterAll(async () => {
  await cgroup.remove()
  await network.close()
  object.close()
})

const nothing = { localIpv4: '0.0.0.0', remoteIpv4: '0.0.0.0', localIpv6: '::', remoteIpv6: '::', state: 0 }

it.each([
  { field: 'ipv4', family: 2, local: 'localIpv4', remote: 'remoteIpv4' },
  { field: 'ipv6', family: 10, local: 'localIpv6', remote: 'remoteIpv6' },
] as const)('both ends of a connection of $field are told', async ({ field, family, local, remote }) => {
  using _ = attachCgroup(object.programs.connections, cgroup.path)
  const { port } = await server.do('serveTcp', { name: 'far', host: far[field] })
  const { localPort } = await agent.do('tcp', { host: far[field], port })
  // mr_sock_ops_call_on() and bpf_setsockopt() were content.
  const connection = { ...nothing, family, unknownFlags: 0, error: 0 }
  expect(maps.ends.get(end.connecting)).toEqual({
    ...connection,
    [local]: near[field],
    localPort,
    [remote]: far[field],
    remotePort: port,
  })
  expect(maps.ends.get(end.accepting)).toEqual({
    ...connection,
    [local]: far[field],
    localPort: port,
    [remote]: near[field],
    remotePort: localPort,
  })
})

it('mr_sock_ops_call_on brings more calls', async () => {
  variables.changes.set(0n)
  using _ = attachCgroup(object.programs.connections, cgroup.path)
  const { port } = await server.do('serveTcp', { name: 'far', host: far.ipv4 })
  await agent.do('tcp', { host: far.ipv4, port })
  // Either end goes through some states on its way out.
  await vi.waitFor(() => expect(variables.changes.get()).toBeGreaterThan(3n), { timeout: 20_000 })
})
