import { setTimeout as sleep } from 'node:timers/promises'
import type { View } from '@millrace/example-common'
import type { Host } from '@millrace/testing'
import { Iperf } from './iperf.js'
import { KEYS, readKeys } from './keys.js'
import { Monitor } from './monitor.js'
import { buildNetwork, NOISY } from './network.js'
import type { HookName } from './options.js'
import { queueDrops } from './queue-drops.js'
import type { Rig } from './rig.js'
import { STEPS } from './script.js'
import type { State } from './state.js'
import { type Summary, summarize } from './summary.js'
import { tcpResets } from './tcp-resets.js'
import { Traffic } from './traffic.js'
import { withRig } from './with-rig.js'

/** Milliseconds after which what was on its way has arrived. */
const SETTLE = 300
/** Of the run, for the changes at random at its end; the steps share the rest. */
const STORM = 0.25
/** Seconds between two changes at random. */
const STORM_INTERVAL = 0.005

export interface ScenarioOptions {
  readonly hook: HookName
  /** for the script; undefined: keys change the chain */
  readonly seconds: number | undefined
  /** at random, in place of the script; undefined: the script */
  readonly changes: number | undefined
  readonly view: View<State>
  readonly signal: AbortSignal
}

/** Puts a chain on a gateway and changes it while a client fetches, transfers, probes and makes noise through it. */
export async function runScenario({ hook, seconds, changes, view, signal }: ScenarioOptions): Promise<Summary> {
  await using network = await buildNetwork()
  return await withRig(hook, network.hosts.gateway.netns, async ({ rig, blocked }) => {
    blocked.set({ address: NOISY, prefixLength: 32 }, { packets: 0n, bytes: 0n })
    const traffic = await Traffic.start(network.hosts)
    const iperf = await Iperf.start(network.hosts)
    const monitor = new Monitor({ seconds, view, signal, rig, traffic })

    await monitor.watchFor(0.3)
    if (seconds === undefined) await obeyKeys(rig, monitor)
    else if (changes === undefined) await followScript(rig, monitor, seconds)
    else await changeEvenly(rig, monitor, { seconds, changes })

    // Probes that are on their way have arrived when the server is asked.
    const last = await monitor.read()
    // Before anybody breaks a connection off on purpose.
    const resets = await sumOf(network.hosts, tcpResets)
    const transfer = await iperf.stop()
    const client = await traffic.stopClient()
    await sleep(SETTLE, undefined, { signal })
    // The server's sockets go with it.
    const overflow = await sumOf(network.hosts, queueDrops)
    const server = await traffic.stopServer()
    return summarize({ last, overflow, resets, missed: rig.chain.missed, client, server, transfer })
  })
}

async function followScript(rig: Rig<'xdp'> | Rig<'tc'>, monitor: Monitor, seconds: number): Promise<void> {
  const pause = (seconds * (1 - STORM) - monitor.elapsed) / STEPS.length
  for (const step of STEPS) {
    monitor.note(step(rig))
    await monitor.watchFor(pause)
  }
  while (monitor.elapsed < seconds) {
    monitor.note(`at random, as fast as they go: ${rig.shuffle()}`)
    await monitor.watchFor(STORM_INTERVAL)
  }
  monitor.note(rig.restore())
  await monitor.watchFor(0.3)
}

/** All stages from the start, and as many changes spread over the time. */
async function changeEvenly(
  rig: Rig<'xdp'> | Rig<'tc'>,
  monitor: Monitor,
  { seconds, changes }: { readonly seconds: number; readonly changes: number },
): Promise<void> {
  monitor.note(rig.restore())
  const start = monitor.elapsed
  for (let made = 0; made < changes; made++) {
    // As fast as they go when they take longer than their share.
    await monitor.watchFor(start + ((made + 1) / changes) * (seconds - start) - monitor.elapsed)
    monitor.note(`at random: ${rig.shuffle()}`)
  }
  await monitor.watchFor(Math.max(0.3, seconds - monitor.elapsed))
}

async function sumOf(hosts: Readonly<Record<string, Host>>, count: (host: Host) => Promise<number>): Promise<number> {
  const counts = await Promise.all(Object.values(hosts).map(count))
  return counts.reduce((sum, it) => sum + it, 0)
}

async function obeyKeys(rig: Rig<'xdp'> | Rig<'tc'>, monitor: Monitor): Promise<void> {
  let ended = false
  using _keys = readKeys(process.stdin, (key) => {
    if (key === 'q') ended = true
    const known = KEYS[key]
    if (known !== undefined) monitor.note(known.press(rig))
  })
  while (!ended) await monitor.watchFor(0.1)
}
