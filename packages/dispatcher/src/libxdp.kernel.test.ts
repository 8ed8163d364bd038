import { XdpAction } from '@millrace/xdp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { canReplace } from '../test/kernel.js'
import { loadMembers, type Members, takeTrace } from '../test/members.js'
import { Network } from '../test/network.js'
import { remains, XdpLoader } from '../test/xdp-loader.js'
import { type JoinXdpOptions, joinXdp, queryDispatcher, SlotGoneError } from './index.js'

const bpffs = useBpffs()
let network: Network
let loader: XdpLoader
let ours: Members

beforeAll(async () => {
  network = await Network.make()
  loader = new XdpLoader(network.far, bpffs.path)
  ours = await loadMembers(bpffs.path, 'o')
})
afterEach(async () => {
  if ((await loader.status()).dispatcher !== undefined) await loader.unload('--all')
})
afterAll(async () => {
  ours.close()
  await network.close()
})

const at = () => ({ netns: network.netns, bpffs: bpffs.path })
const join = (options: JoinXdpOptions = {}) => joinXdp(ours.programs.member, 'eth0', { ...at(), ...options })

async function traceOfOne(): Promise<string> {
  takeTrace(ours)
  await network.send()
  return takeTrace(ours)
}

describe.runIf(canReplace)('beside xdp-loader', () => {
  it('shows in its status, with priority and actions', async () => {
    using slot = await join({ priority: 7, goOn: ['drop', 'pass', 'redirect'] })
    const { dispatcher, programs } = await loader.status()
    expect(dispatcher).toBe('xdp_dispatcher')
    expect(programs).toEqual([
      {
        priority: 7,
        name: 'member',
        id: slot.program.id,
        tag: slot.query()?.tag,
        actions: 'XDP_DROP,XDP_PASS,XDP_REDIRECT',
      },
    ])
  })

  it('joins programs of its, and lets it join ours', async () => {
    await loader.load('another', '--prio', '20')
    using slot = await join()
    expect(await traceOfOne()).toBe('?o')
    await loader.load('another', '--prio', '90', '--actions', 'XDP_TX,XDP_PASS')
    expect(await traceOfOne()).toBe('?o?')
    const { programs } = await loader.status()
    expect(programs.map(({ priority, name, actions }) => [priority, name, actions])).toEqual([
      [20, 'another', 'XDP_PASS'],
      [50, 'member', 'XDP_PASS'],
      [90, 'another', 'XDP_PASS,XDP_TX'],
    ])
    // It takes each for the very program that it was before.
    const state = queryDispatcher('eth0', at())
    expect(programs.map(({ id, tag }) => [id, tag])).toEqual(state?.programs.map(({ id, tag }) => [id, tag]))
    expect(state?.programs).toMatchObject([
      { owner: 'other', priority: 20, goOn: ['pass'], pids: [] },
      { owner: 'millrace', priority: 50, ...slot.program, pids: [process.pid] },
      { owner: 'other', priority: 90, goOn: ['pass', 'tx'], pids: [] },
    ])
  })

  it('keeps what the other has when one leaves', async () => {
    const slot = await join({ priority: 10 })
    await loader.load('another')
    const [, theirs] = (await loader.status()).programs
    await slot.leave()
    expect((await loader.status()).programs).toEqual([theirs])
    expect(await traceOfOne()).toBe('?')

    using again = await join({ priority: 10 })
    await loader.unload('--id', String(theirs?.id))
    expect((await loader.status()).programs).toMatchObject([{ id: again.program.id, priority: 10 }])
    expect(await traceOfOne()).toBe('o')
    await again.leave()
    expect(remains(bpffs.path)).toEqual([])
  })

  it('changes ours among theirs', async () => {
    await loader.load('another', '--prio', '20', '--actions', 'XDP_DROP')
    using other = await loadMembers(bpffs.path, 'p', XdpAction.Drop)
    using slot = await join({ priority: 10 })
    await slot.update(other.programs.member)
    expect(await traceOfOne()).toBe('p')
    await slot.configure({ goOn: ['drop'], priority: 30 })
    expect(await traceOfOne()).toBe('?')
    expect((await loader.status()).programs).toMatchObject([
      { priority: 20, actions: 'XDP_DROP' },
      { priority: 30, actions: 'XDP_DROP' },
    ])
  })

  it('notices that it has taken ours out', async () => {
    using slot = await join()
    await loader.unload('--all')
    expect(slot.query()).toBeUndefined()
    await expect(slot.update(ours.programs.another)).rejects.toThrow(SlotGoneError)
    await expect(slot.configure({ priority: 1 })).rejects.toThrow(
      `program member (id ${slot.program.id}) is no more among those of XDP on eth0`,
    )
    await slot.leave()
    expect(remains(bpffs.path)).toEqual([])
  })
})
