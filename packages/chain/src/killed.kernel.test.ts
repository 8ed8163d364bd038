import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { makeNetwork } from '../test/network.js'
import { recordOn, Sender } from '../test/stream.js'
import { type Child, useChildren } from '../test/support/child.js'
import { variants as all, createAt, pinnedAt } from '../test/variants.js'
import { ChainLockedError, TailCallChain } from './index.js'

/** Of each variant: 200 in all. */
const KILLS = Number(process.env.MILLRACE_KILLS ?? 40)
const variants = all.filter(({ name }) => !/generic|egress, TCX/.test(name))

const bpffs = useBpffs()
const children = useChildren('changer')
const networks = await Promise.all(variants.map(() => makeNetwork()))

afterAll(async () => {
  await Promise.all(networks.map((network) => network.close()))
})

/** The stages that a line of a child names, as packets tell them: m1 m7 is `1 7`. */
const stagesIn = (line: string) =>
  line
    .split(' ')
    .slice(1)
    .map((name) => name.slice(1))
    .join(' ')

describe.concurrent('killed at any moment of any change, under traffic', () => {
  it.each(variants.map((variant, index) => ({ variant, index })))(
    '$variant.name: the next process finds one of the two chains, and no packet is lost',
    { timeout: 600_000 },
    async ({ variant, index }) => {
      const network = networks[index] as (typeof networks)[number]
      const { near, far } = network.hosts
      const pinned = { pin: `killed-${index}`, pinRoot: bpffs.path }
      const where = pinnedAt(variant, network, pinned)
      const seed = Date.now() % 1_000_000
      const seen = new Set<string>([''])
      const start = (number: number) => children.start('changer', [where, seed + number])

      using recorder = await recordOn(far)
      const sender = await Sender.start(near, far)
      const chain = await createAt(variant, network, pinned)
      chain.close()
      // Not before: while clsact is made, the kernel drops what the interface sends.
      sender.start()

      let valid = ['']
      let next: Child = start(0)
      for (let kill = 1; kill <= KILLS; kill++) {
        const child = next
        await child.says('ready')
        next = start(kill)
        child.tell('go')
        const found = stagesIn(await child.says('found'))
        expect(valid, `seed ${seed}, after kill ${kill - 1}`).toContain(found)
        await child.says('change', Math.floor(Math.random() * 4))
        await delay(Math.random() * 20)
        await child.kill()
        const states = [found, ...child.lines.filter((line) => line.startsWith('change')).map(stagesIn)]
        for (const state of states) seen.add(state)
        valid = child.lines.at(-1) === 'done' ? states.slice(-1) : states.slice(-2)
      }
      await next.kill()

      const sent = await sender.stop()
      const traces = await recorder.traces(sent)
      await sender.close()
      expect(
        [...traces.keys()].filter((trace) => !seen.has(trace)),
        `seed ${seed}`,
      ).toEqual([])
      expect([...traces.values()].reduce((sum, count) => sum + count, 0)).toBe(sent)
      expect(traces.size).toBeGreaterThan(1)

      await TailCallChain.purge(where)
      expect(existsSync(join(bpffs.path, 'chain', pinned.pin))).toBe(false)
    },
  )
})

it('a chain that another process holds is left alone, until that ends', async () => {
  const [network] = networks
  const [variant] = variants
  if (network === undefined || variant === undefined) throw new Error('no network')
  const pinned = { pin: 'held', pinRoot: bpffs.path }
  const chain = await createAt(variant, network, pinned)
  chain.close()
  const where = pinnedAt(variant, network, pinned)
  const child = children.start('changer', [where, 1])
  await child.says('ready')
  child.tell('go')
  await child.says('found')
  for (const attempt of [TailCallChain.adopt(where), TailCallChain.purge(where), TailCallChain.create(where)]) {
    const error = await attempt.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ChainLockedError)
    expect(error).toMatchObject({ pid: child.pid, path: join(bpffs.path, 'chain', 'held') })
  }
  await child.kill()
  await using again = await TailCallChain.adopt(where)
  again.detach()
})
