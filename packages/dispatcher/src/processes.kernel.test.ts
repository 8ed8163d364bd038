import { XdpAction } from '@millrace/xdp'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { canReplace } from '../test/kernel.js'
import { loadMembers, type Members, seenBy, takeTrace } from '../test/members.js'
import { Network } from '../test/network.js'
import { useOwners } from '../test/owner.js'
import type { OwnerOptions } from '../test/owner.script.js'
import { remains, XdpLoader } from '../test/xdp-loader.js'
import { joinXdp, purgeDispatcher, queryDispatcher } from './index.js'

/** How many processes are killed; each takes its time where the processor is emulated. */
const kills = Number(process.env.MILLRACE_KILLS ?? 6)

/** More calls of the kernel than any change takes: the process lives, and is killed afterwards. */
const mostCalls = 90

const bpffs = useBpffs()
const own = useOwners()
let network: Network
let guard: Members

beforeAll(async () => {
  network = await Network.make()
  guard = await loadMembers(bpffs.path, 'g', XdpAction.Drop)
})
afterEach(async () => {
  await purgeDispatcher('eth0', at())
  await vi.waitFor(() => expect(remains(bpffs.path)).toEqual([]), { timeout: 20_000 })
})
afterAll(async () => {
  guard.close()
  await network.close()
})

const at = () => ({ netns: network.netns, bpffs: bpffs.path })
const other = (options: Partial<OwnerOptions>) =>
  own({ ...at(), mark: 'o', priority: 10, action: 'join', dieBefore: 0, ...options })
const marks = () => queryDispatcher('eth0', at())?.programs.map(({ priority }) => priority)

async function traceOfOne(): Promise<string> {
  takeTrace(guard)
  await network.send()
  return takeTrace(guard)
}

describe.runIf(canReplace)('with another process', () => {
  it('shares the interface, by priority', async () => {
    using _slot = await joinXdp(guard.programs.member, 'eth0', at())
    const owner = other({ action: 'configure', priority: 49, mark: 'o' })
    expect(await owner.says('ready')).toBe(true)
    expect(await traceOfOne()).toBe('og')
    owner.go()
    expect(await owner.says('done')).toBe(true)
    expect(marks()).toEqual([50, 51])
    expect(await traceOfOne()).toBe('g')
    await owner.kill()
  })

  it('takes out what it left behind, and nothing of what others have', async () => {
    const owner = other({ action: 'leave' })
    expect(await owner.says('ready')).toBe(true)
    const loader = new XdpLoader(network.far, bpffs.path)
    await loader.load('another', '--prio', '20')
    await owner.kill()
    expect(marks()).toEqual([10, 20])
    const slot = await joinXdp(guard.programs.member, 'eth0', at())
    expect(marks()).toEqual([20, 50])
    await slot.leave()
    expect(marks()).toEqual([20])
    await loader.unload('--all')
  })

  it('leaves a slot with a name to the next process that has it', async () => {
    const first = other({ action: 'leave', name: 'filter', mark: '1' })
    expect(await first.says('ready')).toBe(true)
    await first.kill()
    using _slot = await joinXdp(guard.programs.member, 'eth0', { ...at(), goOn: ['drop', 'pass'], priority: 90 })
    expect(await traceOfOne()).toBe('1g')
    const second = other({ action: 'leave', name: 'filter', mark: '2' })
    expect(await second.says('ready')).toBe(true)
    expect(await traceOfOne()).toBe('2g')
    await second.kill()
    await purgeDispatcher('eth0', at())
    expect(await traceOfOne()).toBe('g')
  })

  it(`lets no packet by while ${kills} processes are killed in the middle of what they do`, async () => {
    const before = { seen: seenBy(guard), delivered: network.delivered() }
    using slot = await joinXdp(guard.programs.member, 'eth0', { ...at(), goOn: [] })
    const traffic = network.stream()
    for (let kill = 0; kill < kills; kill++) {
      const action = (['join', 'update', 'configure', 'leave'] as const)[kill % 4] ?? 'join'
      const dieBefore = 1 + Math.floor(Math.random() * mostCalls)
      const what = `${action}, killed before call ${dieBefore}`
      const owner = other({ action, dieBefore, priority: Math.random() < 0.5 ? 10 : 90 })
      expect(await owner.says('ready'), what).toBe(true)
      owner.go()
      await owner.says('done')
      await owner.kill()
      const found = queryDispatcher('eth0', at())?.programs ?? []
      expect(
        found.some(({ id }) => id === slot.program.id),
        what,
      ).toBe(true)
      expect(found.length, what).toBeLessThanOrEqual(2)
      await slot.configure({ priority: 50 })
      expect(marks(), what).toEqual([50])
      expect(remains(bpffs.path).toSorted(), what).toEqual([
        expect.stringMatching(/^millrace\/dispatcher\/set-/),
        expect.stringMatching(/^millrace\/dispatcher\/slot-/),
        expect.stringMatching(/^xdp\/dispatch-/),
      ])
    }
    const sent = await traffic.stop()
    expect(sent).toBeGreaterThan(100)
    expect(seenBy(guard) - before.seen).toBe(sent)
    expect(network.delivered() - before.delivered).toBe(0)
  })
})
