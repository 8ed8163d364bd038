import { Program } from '@millrace/core'
import { queryXdp, XdpAction } from '@millrace/xdp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { canReplace } from '../test/kernel.js'
import { loadMembers, type Members, seenBy, takeTrace } from '../test/members.js'
import { Network } from '../test/network.js'
import { remains } from '../test/xdp-loader.js'
import { type JoinXdpOptions, joinXdp, queryDispatcher, type XdpSlot } from './index.js'

const bpffs = useBpffs()
const slots: XdpSlot[] = []
const objects: Members[] = []
let network: Network

beforeAll(async () => {
  network = await Network.make()
})
afterAll(() => network.close())
afterEach(async () => {
  for (const slot of slots.splice(0)) await slot.leave().catch(() => {})
  for (const object of objects.splice(0)) object.close()
})

async function join(mark: string, options: JoinXdpOptions & { verdict?: number; program?: 'member' | 'another' } = {}) {
  const { verdict, program = 'member', ...rest } = options
  const object = await loadMembers(bpffs.path, mark, verdict)
  objects.push(object)
  const slot = await joinXdp(object.programs[program], 'eth0', at(rest))
  slots.push(slot)
  return { object, slot }
}

function at<T extends object>(options: T) {
  return { netns: network.netns, bpffs: bpffs.path, ...options }
}

/** What the programs note of one packet, and whether it got through. */
async function one(object: Members): Promise<{ trace: string; delivered: boolean }> {
  takeTrace(object)
  const before = network.delivered()
  await network.send()
  return { trace: takeTrace(object), delivered: network.delivered() > before }
}

describe.runIf(canReplace)('an interface', () => {
  describe.each(['native', 'generic'] as const)('in %s mode', (mode) => {
    it('runs a program that is alone, and is as before when it leaves', async () => {
      const { object, slot } = await join('a', { mode, verdict: XdpAction.Drop })
      expect(slot.mode).toBe(mode)
      expect(queryXdp('eth0', { netns: network.netns })).toMatchObject([{ mode, program: { name: 'xdp_dispatcher' } }])
      expect(await one(object)).toEqual({ trace: 'a', delivered: false })
      expect(seenBy(object)).toBe(1)
      await slot.leave()
      expect(await one(object)).toEqual({ trace: '', delivered: true })
      expect(queryXdp('eth0', { netns: network.netns })).toEqual([])
      expect(remains(bpffs.path)).toEqual([])
    })

    it('runs programs by priority, whenever they join', async () => {
      const { object } = await join('c', { mode, priority: 90 })
      await join('a', { priority: 10 })
      await join('b')
      await join('d', { priority: 0xffff_ffff })
      expect(await one(object)).toEqual({ trace: 'abcd', delivered: true })
    })
  })

  it('runs programs of one priority by name, and of one name by age', async () => {
    const { object } = await join('m', { program: 'member' })
    await join('n', { program: 'member' })
    await join('a', { program: 'another' })
    expect(await one(object)).toEqual({ trace: 'amn', delivered: true })
  })

  it('goes on after the verdicts that a program says, and after no others', async () => {
    const { object, slot } = await join('a')
    await join('b')
    for (const [goOn, verdict, expected] of [
      [['pass'], XdpAction.Pass, { trace: 'ab', delivered: true }],
      [['pass'], XdpAction.Drop, { trace: 'a', delivered: false }],
      // 34 is 2 modulo 32.
      [['pass'], 34, { trace: 'a', delivered: false }],
      [[], XdpAction.Pass, { trace: 'a', delivered: true }],
      [['drop', 'redirect'], XdpAction.Pass, { trace: 'a', delivered: true }],
      [['drop', 'redirect'], XdpAction.Drop, { trace: 'ab', delivered: true }],
      [['drop', 'redirect'], XdpAction.Redirect, { trace: 'ab', delivered: true }],
    ] as const) {
      if (slot.goOn.join() !== goOn.join()) await slot.configure({ goOn })
      object.variables.verdict.set(verdict)
      expect(await one(object), `${goOn}, and the verdict ${verdict}`).toEqual(expected)
    }
  })

  it('goes on after a program that is alone and wants to, and lets the packet pass', async () => {
    const { object } = await join('a', { goOn: ['drop'], verdict: XdpAction.Drop })
    expect(await one(object)).toEqual({ trace: 'a', delivered: true })
  })

  it('runs on in the mode of the first program', async () => {
    await join('a', { mode: 'generic' })
    expect((await join('b')).slot.mode).toBe('generic')
  })

  it('tells who shares it', async () => {
    const { slot } = await join('a', { priority: 7, goOn: ['pass', 'tx'], name: 'first' })
    await join('b', { program: 'another' })
    const state = queryDispatcher('eth0', at({}))
    expect(state).toMatchObject({
      mode: 'native',
      id: queryXdp('eth0', { netns: network.netns })[0]?.program.id,
    })
    expect(state?.programs).toMatchObject([
      { name: 'member', priority: 7, goOn: ['pass', 'tx'], frags: false, owner: 'millrace', slot: 'first' },
      { name: 'another', priority: 50, goOn: ['pass'], owner: 'millrace', slot: undefined },
    ])
    const [first] = state?.programs ?? []
    expect(first).toMatchObject({ ...slot.program, pids: [process.pid] })
    expect(slot.query()).toEqual(first)
    using program = Program.openById(slot.program.id)
    expect(program.info()).toMatchObject({ type: 'ext', tag: first?.tag })
  })
})

it('says that nobody shares an interface', () => {
  expect(queryDispatcher('eth0', at({}))).toBeUndefined()
})
