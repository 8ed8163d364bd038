import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { load } from '@millrace/core'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { useScript } from '../../core/test/support/script.js'
import type { AdopterTask } from '../test/adopter.js'
import { witnesses } from '../test/generated/witnesses.bpf.js'
import { makeNetwork } from '../test/network.js'
import { flood, received } from '../test/traffic.js'
import { adoptTc, purgeTc, queryTc } from './index.js'

const KILLS = 40
/** Of seeds that are told when a test fails, so that the same moments can be tried again. */
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Date.now() % 1e6)

const bpffs = useBpffs()
const script = useScript(new URL('../test/adopter.ts', import.meta.url))
const network = await makeNetwork()
const { near, far } = network.hosts
const { netns } = far
const object = fileURLToPath(new URL('../test/generated/witnesses.bpf.o', import.meta.url))

const children = new Set<ChildProcess>()
let run = 0
let root = ''

beforeEach(() => {
  root = `${bpffs.path}/run-${++run}`
})

afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  purgeTc({ pinRoot: root, netns })
})

afterAll(() => network.close())

/** Starts a process that adopts and adopts; resolves when it has done so once, to whether it found anything. */
async function startAdopter(task: Partial<AdopterTask>): Promise<{ child: ChildProcess; adopted: boolean }> {
  const whole = { object, seen: `${root}-seen`, pinRoot: root, netns, direction: 'ingress', detach: false, ...task }
  const child = spawn(process.execPath, [script.path, JSON.stringify(whole)], {
    env: script.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  if (!(line instanceof Buffer)) throw new Error(`the adopter ended by itself with status ${line}`)
  return { child, adopted: line.toString().trim() === 'true' }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  children.delete(child)
}

/** The same moments for the same seed. */
function moments(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state / 0x8000_0000) * 20
  }
}

const standing = () => queryTc('eth0', { netns, direction: 'ingress', pinRoot: root, pids: false }).programs
const pins = () => (existsSync(`${root}/tc`) ? readdirSync(`${root}/tc`) : [])

/** What the programs that drop have counted, in all processes. */
async function dropped(): Promise<{ first: number; second: number }> {
  using opened = await load(witnesses, { maps: { seen: { pin: `${root}-seen` } } })
  const [first = 0, second = 0] = [4, 5].map((index) =>
    (opened.maps.seen.get(index) ?? []).reduce((sum, { packets }) => sum + Number(packets), 0),
  )
  return { first, second }
}

describe.each(['tcx', 'clsact'] as const)('on %s, killed at random moments under traffic', (mechanism) => {
  it('is never there twice and never missing', async () => {
    const moment = moments(SEED)
    const first = await startAdopter({ mechanisms: [mechanism] })
    expect(first.adopted).toBe(false)
    await kill(first.child)
    const before = { ...(await received(far)), ...(await dropped()) }
    const sending = await flood(near)
    try {
      for (let i = 0; i < KILLS; i++) {
        const { child, adopted } = await startAdopter({ mechanisms: [mechanism] })
        expect(adopted).toBe(true)
        await sleep(moment())
        await kill(child)
        expect(standing(), `seed ${SEED}, kill ${i}`).toMatchObject([{ name: 'guard', mechanism }])
        expect(pins()).toHaveLength(mechanism === 'tcx' ? 1 : 0)
      }
    } finally {
      await sending.stop()
    }
    const after = { ...(await received(far)), ...(await dropped()) }
    const frames = after.frames - before.frames
    expect(frames).toBeGreaterThan(10_000)
    expect(Math.min(after.first - before.first, after.second - before.second)).toBeGreaterThan(100)
    expect(after.first + after.second - before.first - before.second, `seed ${SEED}`).toBe(frames)
    expect(after.packets - before.packets).toBe(0)
  }, 120_000)
})

describe('what is attached, detached and moved', () => {
  it.each([
    { mechanisms: ['tcx'], detach: true },
    { mechanisms: ['clsact'], detach: true },
    { mechanisms: ['tcx', 'clsact'], detach: true },
  ] as const)(
    'is there once or not at all after a kill, and once after the next adoption: $mechanisms',
    async ({ mechanisms, detach }) => {
      const moment = moments(SEED)
      for (let i = 0; i < KILLS / 4; i++) {
        const { child } = await startAdopter({ mechanisms, detach })
        await sleep(moment())
        await kill(child)
        expect(standing().length, `seed ${SEED}, kill ${i}`).toBeLessThanOrEqual(1)
      }
      expect(await adoptOnce()).toHaveLength(1)
      purgeTc({ pinRoot: root, netns })
      expect(standing()).toEqual([])
      expect(existsSync(root) ? readdirSync(root) : []).toEqual([])
    },
    120_000,
  )

  it('is there once or twice while it is moved, never missing, and once after the next adoption', async () => {
    const moment = moments(SEED)
    const task = { mechanisms: ['tcx', 'clsact'] } as const
    await kill((await startAdopter(task)).child)
    const before = await received(far)
    const sending = await flood(near)
    try {
      for (let i = 0; i < KILLS / 2; i++) {
        const { child } = await startAdopter(task)
        await sleep(moment())
        await kill(child)
        expect(['1', '2'], `seed ${SEED}, kill ${i}`).toContain(`${standing().length}`)
      }
    } finally {
      await sending.stop()
    }
    const after = await received(far)
    expect(after.frames - before.frames).toBeGreaterThan(1000)
    expect(after.packets - before.packets).toBe(0)
    expect(await adoptOnce()).toHaveLength(1)
  }, 120_000)

  /** What stands there then. */
  async function adoptOnce() {
    using opened = await load(witnesses)
    adoptTc(opened.programs.dropFirst, 'eth0', { netns, direction: 'ingress', pinRoot: root, name: 'guard' }).close()
    return standing()
  }
})
