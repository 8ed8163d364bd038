import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Link, load, MapIncompatibleError } from '@millrace/core'
import { LpmTrieMap, PerCpuArrayMap } from '@millrace/maps'
import { type Host, topology } from '@millrace/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Bundle, bundleForEverybody } from '../../../packages/core/test/capabilities/bundle-child.js'
import { mountBpffs } from '../../../packages/core/test/support/bpffs.js'
import { startNumbered } from '../test/upgrade/numbered.js'
import { firewall, Ipv4Prefix, MrCounter } from './generated/firewall.bpf.js'
import { receivedFrames } from './received-frames.js'

const BLOCKED = '192.0.2.10'
const OTHER = '192.0.2.11'
const GATEWAY = '192.0.2.1'
const patience = { timeout: 25_000 }
/** A dozen processes are started one after the other: that takes seconds, or minutes where much else runs. */
vi.setConfig({ testTimeout: 120_000 })
const XDP_DROP = 1
const XDP_PASS = 2

/** Two packages, each with a copy of core and of the addon. */
const bundles: Bundle[] = []
beforeAll(async () => {
  const object = fileURLToPath(new URL('./generated/firewall.bpf.o', import.meta.url))
  const process = new URL('../test/upgrade/process.ts', import.meta.url)
  const library = new URL('../test/upgrade/firewall.ts', import.meta.url)
  for (const source of [process, process, library, library]) bundles.push(await bundleForEverybody(source, object))
}, 60_000)
afterAll(() => {
  for (const bundle of bundles) bundle[Symbol.dispose]()
})

/** A version of the firewall in a process of its own. */
class Version {
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #ended: Promise<unknown>

  constructor(host: Host, version: 1 | 2, pins: string) {
    const { script, env } = bundles[version - 1] as Bundle
    const args = [script, `${version}`, pins, 'eth0']
    this.#child = host.spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    this.#ended = once(this.#child, 'exit')
    createInterface(this.#child.stdout as NodeJS.ReadableStream).on('line', (line) => this.#lines.push(line))
  }

  /** Waits until it has said so. */
  async hasSaid(phase: string): Promise<string> {
    await expect.poll(() => this.#lines.join(), { ...patience, interval: 2 }).toContain(phase)
    return this.#lines.find((line) => line.startsWith(phase)) ?? ''
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

async function makePlace() {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  const network = await topology({
    hosts: {
      client: { interfaces: { eth0: { addresses: [`${BLOCKED}/24`, `${OTHER}/24`] } }, sysctls },
      gateway: { interfaces: { eth0: { addresses: [`${GATEWAY}/24`] } }, sysctls },
    },
    links: [['client:eth0', 'gateway:eth0']],
  })
  const { client, gateway } = network.hosts
  await client.run('ip', ['neighbour', 'replace', GATEWAY, 'lladdr', gateway.interface('eth0').mac, 'dev', 'eth0'])
  return network
}

/** What the pinned maps have counted. */
function counted(pins: string) {
  using blocked = LpmTrieMap.open(join(pins, 'blocked'), { key: Ipv4Prefix, value: MrCounter })
  using counters = PerCpuArrayMap.open(join(pins, 'counters'), { value: MrCounter })
  const sum = (index: number) => (counters.get(index) ?? []).reduce((total, { packets }) => total + Number(packets), 0)
  const rule = Number(blocked.get({ address: BLOCKED, prefixLength: 32 })?.packets)
  return { rule, dropped: sum(XDP_DROP), passed: sum(XDP_PASS) }
}

function block(pins: string): void {
  using blocked = LpmTrieMap.open(join(pins, 'blocked'), { key: Ipv4Prefix, value: MrCounter })
  blocked.set({ address: BLOCKED, prefixLength: 32 }, { packets: 0n, bytes: 0n })
}

function attached(pins: string): number {
  using link = Link.open(join(pins, 'link'))
  return link.info().programId
}

it('is adopted by the next version while packets flow, whenever either is killed: none is lost, and no counter begins anew', async () => {
  using bpffs = mountBpffs()
  const pins = join(bpffs.path, 'firewall')
  await using network = await makePlace()
  const { client, gateway } = network.hosts

  const first = new Version(gateway, 1, pins)
  const firstProgram = Number((await first.hasSaid('program')).split(' ')[1])
  block(pins)
  const before = await receivedFrames(gateway, 'eth0')
  const stream = await startNumbered(client, gateway, GATEWAY, [BLOCKED, OTHER])
  await expect.poll(() => counted(pins).rule, patience).toBeGreaterThan(100)

  // The next version is killed on its way, at each step and somewhere between: the first goes on.
  const phases = [
    ['loading', 0],
    ['loading', 3],
    ['loading', 8],
    ['loaded', 0],
    ['running', 0],
  ] as const
  for (const [phase, delay] of phases) {
    const next = new Version(gateway, 2, pins)
    await next.hasSaid(phase)
    await sleep(delay)
    await next.kill()
  }
  // The first is killed before its successor starts, while that adopts, and when it has.
  await first.kill()
  const beside = new Version(gateway, 1, pins)
  await beside.hasSaid('program')
  const during = new Version(gateway, 2, pins)
  await during.hasSaid('loading')
  await beside.kill()
  await during.hasSaid('program')
  await during.kill()
  const last = new Version(gateway, 2, pins)
  const lastProgram = Number((await last.hasSaid('program')).split(' ')[1])
  expect(attached(pins)).toBe(lastProgram)
  expect(lastProgram).not.toBe(firstProgram)
  await last.kill()
  expect(attached(pins)).toBe(lastProgram)

  const sent = await stream.stop()
  await expect.poll(() => counted(pins), patience).toEqual({ rule: sent, dropped: sent, passed: sent })
  expect((await receivedFrames(gateway, 'eth0')) - before).toBe(2 * sent)
  const numbers = Array.from({ length: sent }, (_, number) => number)
  await expect.poll(async () => (await stream.received())[OTHER]?.length, patience).toBe(sent)
  expect(await stream.received()).toEqual({ [OTHER]: numbers })
})

it('is adopted by another copy of the library in the same process', async () => {
  using bpffs = mountBpffs()
  const pins = join(bpffs.path, 'firewall')
  await using network = await makePlace()
  const { client, gateway } = network.hosts
  const [one, two] = bundles.slice(2).map(({ script }) => script)
  const script = `
    const one = await import(${JSON.stringify(one)})
    await one.start(1, ${JSON.stringify(pins)}, 'eth0', () => {})
    console.log('first')
    process.stdin.once('data', async () => {
      const two = await import(${JSON.stringify(two)})
      if (one.start === two.start) throw new Error('one copy')
      console.log('second', await two.start(2, ${JSON.stringify(pins)}, 'eth0', () => {}))
      setInterval(() => {}, 60_000)
    })`
  const args = ['--input-type=module', '--eval', script]
  const child = gateway.spawn(process.execPath, args, { env: bundles[2]?.env, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout as NodeJS.ReadableStream)
  await once(lines, 'line')
  block(pins)
  const stream = await startNumbered(client, gateway, GATEWAY, [BLOCKED, OTHER])
  await expect.poll(() => counted(pins).rule, patience).toBeGreaterThan(100)
  child.stdin?.write('go\n')
  const [line] = await once(lines, 'line')
  expect(attached(pins)).toBe(Number(line.split(' ')[1]))
  const atSwitch = counted(pins).rule
  await expect.poll(() => counted(pins).rule, patience).toBeGreaterThan(atSwitch + 100)
  const sent = await stream.stop()
  await expect.poll(() => counted(pins), patience).toEqual({ rule: sent, dropped: sent, passed: sent })
  await expect
    .poll(async () => Object.entries(await stream.received()).map(([source, { length }]) => [source, length]))
    .toEqual([[OTHER, sent]])
})

it('is not touched by a version with other maps, which is told every difference', async () => {
  using bpffs = mountBpffs()
  const pins = join(bpffs.path, 'firewall')
  await using network = await makePlace()
  const version = new Version(network.hosts.gateway, 1, pins)
  const id = Number((await version.hasSaid('program')).split(' ')[1])
  block(pins)
  const before = readdirSync(pins)

  const grown = load(firewall, { maps: { allowed: { pin: join(pins, 'allowed'), maxEntries: 4096 } } })
  await expect(grown).rejects.toThrow(MapIncompatibleError)
  await expect(grown).rejects.toMatchObject({ differences: [{ field: 'maxEntries', pinned: 1024, wanted: 4096 }] })
  const other = load(firewall, {
    maps: { allowed: { pin: join(pins, 'new') }, blocked: { pin: join(pins, 'counters') } },
  })
  await expect(other).rejects.toThrow(MapIncompatibleError)
  await expect(other).rejects.toMatchObject({
    differences: expect.arrayContaining([
      { field: 'type', pinned: 'percpu_array', wanted: 'lpm_trie' },
      { field: 'keySize', pinned: 4, wanted: 8 },
      { field: 'maxEntries', pinned: 3, wanted: 1024 },
    ]),
  })
  expect(readdirSync(pins)).toEqual(before)
  expect(attached(pins)).toBe(id)
  expect(counted(pins).rule).toBe(0)

  // One that was grown is adopted at the size that it has.
  using allowed = LpmTrieMap.open(join(pins, 'allowed'), { key: Ipv4Prefix, value: MrCounter })
  using adopted = await load(firewall, {
    maps: { allowed: { pin: join(pins, 'allowed'), maxEntries: allowed.maxEntries } },
  })
  expect(adopted.maps.allowed.id).toBe(allowed.id)
  await version.kill()
})
