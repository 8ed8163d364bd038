import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LpmTrieMap, PerCpuArrayMap } from '@millrace/maps'
import { type Host, topology } from '@millrace/testing'
import { expect, it } from 'vitest'
import { bundleForEverybody } from '../../../packages/core/test/capabilities/bundle-child.js'
import { mountBpffs } from '../../../packages/core/test/support/bpffs.js'
import { Ipv4Prefix, MrCounter } from './generated/firewall.bpf.js'

const NOBODY = '65534'
const BLOCKED = '192.0.2.10'
const OTHER = '192.0.2.11'
const GATEWAY = '192.0.2.1'
const patience = { timeout: 25_000 }
const PACKETS = 50

const object = fileURLToPath(new URL('./generated/firewall.bpf.o', import.meta.url))

/** Sends that many datagrams from each address, and ends when all are sent. */
const send = `
  const { createSocket } = require('node:dgram')
  const [count, to, ...sources] = process.argv.slice(1)
  for (const source of sources) {
    const socket = createSocket('udp4')
    socket.bind(0, source, () => {
      let left = Number(count)
      for (let i = 0; i < count; i++) socket.send('x', 9000, to, () => --left || socket.close())
    })
  }`

function makeNetwork() {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  return topology({
    hosts: {
      client: { interfaces: { eth0: { addresses: [`${BLOCKED}/24`, `${OTHER}/24`] } }, sysctls },
      gateway: { interfaces: { eth0: { addresses: [`${GATEWAY}/24`] } }, sysctls },
    },
    links: [['client:eth0', 'gateway:eth0']],
  })
}

/** A program of an ordinary user who has these capabilities and no other. */
function runAsUser(
  host: Host,
  capabilities: readonly string[],
  bundle: { script: string; env: NodeJS.ProcessEnv },
  args: string[],
) {
  const rights = ['-all', ...capabilities.map((it) => `+${it}`)].join(',')
  const user = ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups', '--inh-caps', rights, '--ambient-caps', rights]
  return host.spawn('setpriv', [...user, process.execPath, bundle.script, ...args], {
    cwd: '/',
    env: bundle.env,
    stdio: 'pipe',
  })
}

it('runs as an ordinary user with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON alone, and its pins outlive it', async () => {
  using bundle = await bundleForEverybody(new URL('../test/user.ts', import.meta.url), object)
  using bpffs = mountBpffs()
  chmodSync(bpffs.path, 0o755)
  const pins = join(bpffs.path, 'firewall')
  mkdirSync(pins)
  chownSync(pins, Number(NOBODY), Number(NOBODY))
  await using network = await makeNetwork()
  const { client, gateway } = network.hosts
  await client.run('ip', ['neighbour', 'replace', GATEWAY, 'lladdr', gateway.interface('eth0').mac, 'dev', 'eth0'])

  const child = runAsUser(gateway, ['bpf', 'net_admin', 'perfmon'], bundle, [pins, 'eth0', BLOCKED])
  let errors = ''
  child.stderr?.on('data', (text) => (errors += text))
  const [line] = await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(errors))),
  ])
  expect(JSON.parse(String(line))).toEqual({ uid: Number(NOBODY), mode: 'native', mechanism: 'link' })

  using blocked = LpmTrieMap.open(join(pins, 'blocked'), { key: Ipv4Prefix, value: MrCounter })
  using counters = PerCpuArrayMap.open(join(pins, 'counters'), { value: MrCounter })
  const figures = () => ({
    rule: blocked.get({ address: BLOCKED, prefixLength: 32 })?.packets,
    dropped: (counters.get(1) ?? []).reduce((sum, { packets }) => sum + packets, 0n),
  })
  const sources = [`${PACKETS}`, GATEWAY, BLOCKED, OTHER]
  await client.run(process.execPath, ['-e', send, ...sources])
  await expect.poll(figures, patience).toEqual({ rule: BigInt(PACKETS), dropped: BigInt(PACKETS) })

  child.kill('SIGKILL')
  await once(child, 'exit')
  await client.run(process.execPath, ['-e', send, ...sources])
  await expect.poll(figures, patience).toEqual({ rule: BigInt(2 * PACKETS), dropped: BigInt(2 * PACKETS) })
})

it('says what it lacks with one less', async () => {
  using bundle = await bundleForEverybody(new URL('../test/user.ts', import.meta.url), object)
  using bpffs = mountBpffs()
  chmodSync(bpffs.path, 0o755)
  await using network = await makeNetwork()
  for (const [granted, missing] of [
    [['bpf', 'perfmon'], 'to load the xdp program firewall needs CAP_NET_ADMIN'],
    [['bpf', 'net_admin'], /allowed only to processes with CAP_PERFMON, which this one does not have/],
    [['net_admin', 'perfmon'], /to load .* needs CAP_BPF/],
  ] as const) {
    const child = runAsUser(network.hosts.gateway, granted, bundle, [bpffs.path, 'eth0', BLOCKED])
    let errors = ''
    child.stderr?.on('data', (text) => (errors += text))
    const [code] = await once(child, 'close')
    expect(code).toBe(1)
    expect(errors).toMatch(missing)
  }
})
