import { readFileSync } from 'node:fs'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { addForeignU32, hasClsact, removeForeign, show, tc } from '../../test/foreign.js'
import { makeNetwork } from '../../test/network.js'
import { useClsactProcesses } from '../../test/processes.js'
import { received, stream } from '../../test/traffic.js'
import { loadWitnesses } from '../../test/witnesses.js'
import { adoptTc, attachTc, purgeTc, queryTc } from '../index.js'

const bpffs = useBpffs()
const processes = useClsactProcesses()
const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, dropSecond } = witnesses.programs
const { near, far } = network.hosts
const { netns } = far

afterEach(async () => {
  await far.run('tc', ['qdisc', 'del', 'dev', 'eth0', 'clsact'])
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

const ingress = { netns, direction: 'ingress', mechanism: 'clsact' } as const

describe('what a killed process leaves', () => {
  it('goes on working, is recognized, and goes with the qdisc when it is purged', async () => {
    const child = await processes.start(near, { netns, hold: ['ingress', 'egress', 'ingress'] })
    await child.kill()
    expect(child.answer).toEqual({ lost: 0 })
    const { programs } = queryTc('eth0', { ...ingress, pids: false })
    expect(programs).toMatchObject([
      { name: 'a', filter: { name: 'millrace+/a' } },
      { name: 'a', filter: { name: 'millrace+/a' } },
    ])
    const purged = purgeTc({ netns, pinRoot: bpffs.path })
    expect(purged.map(({ what, direction }) => [what, direction])).toEqual([
      ['filter', 'ingress'],
      ['filter', 'ingress'],
      ['filter', 'egress'],
      ['qdisc', undefined],
    ])
    expect(await hasClsact(far)).toBe(false)
  })

  it('hands the qdisc on to whoever attaches next', async () => {
    const child = await processes.start(near, { netns, hold: ['egress'] })
    await child.kill()
    using attachment = attachTc(b, 'eth0', ingress)
    expect(attachment.query()?.filter?.name).toBe('millrace+/b')
    // The marked filter goes, by hand, and the qdisc is still known for ours.
    await tc(far, 'filter', 'del', 'dev', 'eth0', 'egress')
    attachment.close()
    expect(await hasClsact(far)).toBe(false)
  })

  it('is adopted by its name under traffic, beside a filter of somebody else, without a packet getting by', async () => {
    witnesses.clear()
    const foreign = { direction: 'ingress', priority: 60_000 } as const
    const adopt = { name: 'guard', pinRoot: bpffs.path }
    const child = await processes.start(near, { netns, adopt })
    expect(child.answer).toEqual({ lost: 0 })
    await addForeignU32(far, foreign)
    const before = await received(far)
    const sending = stream(near, 700)
    await child.kill()
    const adopted = adoptTc(dropSecond, 'eth0', { ...ingress, ...adopt })
    const sent = await sending
    const after = await received(far)
    expect(sent).toBeGreaterThan(100)
    expect(after.packets - before.packets).toBe(0)
    expect(after.frames - before.frames).toBe(sent)
    expect(witnesses.counts().second).toBeGreaterThan(100)
    expect(adopted.adopted).toBe(true)
    const { programs } = queryTc('eth0', { ...ingress, pids: false })
    expect(programs).toMatchObject([{ program: { id: dropSecond.id }, name: 'guard' }, { filter: { kind: 'u32' } }])
    adopted.detach()
    expect(queryTc('eth0', { ...ingress, pids: false }).programs).toMatchObject([{ filter: { kind: 'u32' } }])
    await removeForeign(far, foreign)
  })
})

describe('processes at one hook', () => {
  it('do not lose a filter or a qdisc to each other, and leave nothing', async () => {
    const turns = 100
    const started = [1, 2, 3, 4].map(() => processes.start(near, { netns, turns }))
    const children = await Promise.all(started)
    expect(children.map(({ answer }) => answer)).toEqual(children.map(() => ({ lost: 0 })))
    expect(await hasClsact(far)).toBe(false)
    await Promise.all(children.map((child) => child.kill()))
  })

  it('do so in two hosts at once', async () => {
    const tasks = [near, far].flatMap((host) => [host, host])
    const children = await Promise.all(tasks.map((host) => processes.start(host, { netns: undefined, turns: 50 })))
    expect(children.map(({ answer }) => answer)).toEqual(children.map(() => ({ lost: 0 })))
    for (const host of [near, far]) expect(await hasClsact(host)).toBe(false)
    await Promise.all(children.map((child) => child.kill()))
  })
})

describe('a process without CAP_NET_ADMIN', () => {
  const without = ['setpriv', '--bounding-set', '-net_admin', '--inh-caps', '-all']

  it.each([false, true])('is told so (the qdisc is there: %s)', async (there) => {
    if (there) await tc(far, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
    const before = await show(far, 'ingress')
    const child = await processes.start(far, { netns: undefined, turns: 1 }, without)
    expect(child.answer.error).toMatchObject({ name: 'MissingCapabilityError', capability: 'CAP_NET_ADMIN' })
    const what = there ? 'attach program a to tc ingress on eth0' : 'make the clsact qdisc on eth0'
    expect(child.answer.error?.message).toContain(`to ${what} needs CAP_NET_ADMIN`)
    await child.kill()
    expect(await hasClsact(far)).toBe(there)
    expect(await show(far, 'ingress')).toBe(before)
  })
})

it('leaves the lock to nobody', () => {
  using _attachment = attachTc(a, 'eth0', ingress)
  const own = readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => line.includes(` ${process.pid} `))
  expect(own.filter((line) => line.includes('FLOCK'))).toEqual([])
})
