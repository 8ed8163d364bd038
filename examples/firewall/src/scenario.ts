import { setTimeout as sleep } from 'node:timers/promises'
import { load } from '@millrace/core'
import type { View } from '@millrace/example-common'
import { attachXdp } from '@millrace/xdp'
import { DropLog } from './drop-log.js'
import { firewall } from './generated/firewall.bpf.js'
import { Monitor } from './monitor.js'
import { ALLOWED, buildNetwork, CLIENTS } from './network.js'
import { receivedFrames } from './received-frames.js'
import { RuleBook } from './rule-book.js'
import type { State } from './state.js'
import { type Summary, summarize } from './summary.js'
import { Traffic } from './traffic.js'
import { decidedBy, type Version } from './version.js'

/** On the gateway, towards the clients. */
const INTERFACE = 'clients0'
const NO_HITS = { packets: 0n, bytes: 0n }
/** Seconds between two replacements of the program. */
const REPLACE_INTERVAL = 0.02
/** Milliseconds after which what was on its way has arrived. */
const SETTLE = 200

export interface ScenarioOptions {
  readonly seconds: number
  readonly view: View<State>
  readonly signal: AbortSignal
}

/** Puts the firewall on the gateway between a client and a server, and blocks, replaces and unblocks while they talk. */
export async function runScenario({ seconds, view, signal }: ScenarioOptions): Promise<Summary> {
  await using network = await buildNetwork()
  const { gateway } = network.hosts

  using first = await load(firewall, { constants: { version: 1 } })
  const { allowed, blocked, drops, dropsOverruns } = first.maps

  // The second version reports one drop in four. It shares the rules and the events, and counts for itself.
  using second = await load(firewall, {
    constants: { version: 2, reportEvery: 4 },
    maps: {
      allowed: { replace: allowed },
      blocked: { replace: blocked },
      drops: { replace: drops },
      dropsOverruns: { replace: dropsOverruns },
    },
  })
  const v1: Version = { number: 1, program: first.programs.firewall, counters: first.maps.counters }
  const v2: Version = { number: 2, program: second.programs.firewall, counters: second.maps.counters }

  const receivedBefore = await receivedFrames(gateway, INTERFACE)
  using attachment = attachXdp(v1.program, INTERFACE, { netns: gateway.netns })
  allowed.set({ address: ALLOWED, prefixLength: 32 }, NO_HITS)

  const traffic = await Traffic.start(network.hosts)
  await using log = new DropLog(drops)
  const rules = new RuleBook(allowed, blocked)
  const versions = [v1, v2] as const
  const monitor = new Monitor({ seconds, view, signal, attachment, versions, rules, drops: log, traffic })

  // The client fetches and is answered.
  const open = await monitor.enter('open')
  await monitor.watchFor(0.25 * seconds)

  // One entry in a map, and its whole prefix is cut off.
  blocked.set(CLIENTS, NO_HITS)
  await sleep(SETTLE, undefined, { signal })
  const block = await monitor.enter('block')
  await monitor.watchFor(0.2 * seconds)

  // The second version takes the place of the first, and back, while packets come in. Each update is atomic: a packet is seen
  // by one version or by the other.
  const replaceBy = async (next: Version) => {
    const before = performance.now()
    attachment.update(next.program)
    monitor.replaced(next, performance.now() - before)
    await monitor.watchFor(REPLACE_INTERVAL)
  }
  const replace = await monitor.enter('replace')
  while (monitor.elapsed < replace.at + 0.25 * seconds) {
    await replaceBy(v2)
    await replaceBy(v1)
  }
  await replaceBy(v2)

  // Without the entry, requests go on.
  const unblock = await monitor.enter('unblock')
  await sleep(SETTLE, undefined, { signal })
  rules.note()
  blocked.delete(CLIENTS)
  await monitor.watchFor(seconds - monitor.elapsed)

  // Only when nothing is on its way any more do the figures of the interface and of the programs compare.
  const end = await monitor.read()
  view.show(end)
  await traffic.stop()
  await sleep(SETTLE, undefined, { signal })
  const received = (await receivedFrames(gateway, INTERFACE)) - receivedBefore
  return summarize({ open, block, unblock, end, received, decided: versions.map(decidedBy), reason: attachment.reason })
}
