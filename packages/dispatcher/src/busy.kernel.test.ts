import { AttachBusyError, load, PinError, type Program } from '@millrace/core'
import { attachXdp } from '@millrace/xdp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mountBpffs, useBpffs } from '../../core/test/support/bpffs.js'
import { canReplace } from '../test/kernel.js'
import { loadMembers, type Members } from '../test/members.js'
import { Network } from '../test/network.js'
import { remains } from '../test/xdp-loader.js'
import { makeConfig } from './config.js'
import { dispatcher } from './generated/dispatcher.bpf.js'
import { DispatcherFullError, DispatcherVersionError, joinXdp, queryDispatcher, type XdpSlot } from './index.js'

const bpffs = useBpffs()
const slots: XdpSlot[] = []
let network: Network
let object: Members

beforeAll(async () => {
  network = await Network.make()
  object = await loadMembers(bpffs.path, 'a')
})
afterEach(async () => {
  for (const slot of slots.splice(0)) await slot.leave()
  expect(remains(bpffs.path)).toEqual([])
})
afterAll(async () => {
  object.close()
  await network.close()
})

const at = () => ({ netns: network.netns, bpffs: bpffs.path })

async function join(options = {}): Promise<XdpSlot> {
  const slot = await joinXdp(object.programs.member, 'eth0', { ...at(), ...options })
  slots.push(slot)
  return slot
}

/** Puts a program on the interface as somebody does who has never heard of a dispatcher. */
function attach(program: Program<'xdp'>) {
  return attachXdp(program, 'eth0', { netns: network.netns, mechanism: 'netlink' })
}

async function dispatcherOf(change: Partial<ReturnType<typeof makeConfig>>) {
  return load(dispatcher, { constants: { config: { ...makeConfig([]), ...change } } })
}

describe.runIf(canReplace)('joining an interface', () => {
  it('is refused where a program is that is no dispatcher, which stays', async () => {
    using attachment = attach(object.programs.another)
    await expect(join()).rejects.toThrow(AttachBusyError)
    await expect(join()).rejects.toThrow(
      `is taken by program another (id ${object.programs.another.id}); it is no dispatcher`,
    )
    expect(attachment.query()?.program.id).toBe(object.programs.another.id)
    expect(queryDispatcher('eth0', at())).toBeUndefined()
  })

  it.each([1, 3])('is refused where a dispatcher of version %i is, which stays', async (version) => {
    using other = await dispatcherOf({ version })
    using attachment = attach(other.programs.xdpDispatcher)
    await expect(join()).rejects.toThrow(DispatcherVersionError)
    await expect(join()).rejects.toMatchObject({ version, supported: 2, programId: other.programs.xdpDispatcher.id })
    expect(() => queryDispatcher('eth0', at())).toThrow(`is ${version > 2 ? 'newer' : 'older'} than version 2`)
    expect(attachment.query()?.program.id).toBe(other.programs.xdpDispatcher.id)
  })

  it('is refused where a program only has the name of a dispatcher', async () => {
    using other = await dispatcherOf({ magic: 0 })
    using _attachment = attach(other.programs.xdpDispatcher)
    await expect(join()).rejects.toThrow(AttachBusyError)
  })

  it('is refused where the pins are elsewhere', async () => {
    await join()
    using elsewhere = mountBpffs()
    const options = { ...at(), bpffs: elsewhere.path }
    await expect(join(options)).rejects.toThrow(PinError)
    expect(() => queryDispatcher('eth0', options)).toThrow(/made with another bpf filesystem/)
    expect(queryDispatcher('eth0', at())?.programs).toHaveLength(1)
  })

  it('is refused in another mode', async () => {
    await join({ mode: 'generic' })
    await expect(join({ mode: 'native' })).rejects.toThrow(
      /\(generic\) is taken by program xdp_dispatcher .* runs in generic mode/,
    )
  })

  it('is refused when ten programs are there, until one leaves', async () => {
    for (let priority = 0; priority < 10; priority++) await join({ priority })
    const before = queryDispatcher('eth0', at())
    await expect(join()).rejects.toThrow(DispatcherFullError)
    await expect(join()).rejects.toThrow(/^all 10 slots of XDP on eth0 .* are taken, by member \(id \d+\), /)
    expect(queryDispatcher('eth0', at())).toEqual(before)
    await slots.shift()?.leave()
    await join({ priority: 10 })
    expect(queryDispatcher('eth0', at())?.programs.map(({ priority }) => priority)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })

  it('is refused by a name that a slot has, until that is closed', async () => {
    const first = await join({ name: 'firewall' })
    await expect(join({ name: 'firewall' })).rejects.toThrow(AttachBusyError)
    await expect(join({ name: 'firewall' })).rejects.toThrow(
      `slot firewall of XDP on eth0 in ${network.netns} is taken by program (id ${first.program.id})`,
    )
    first.close()
    expect(queryDispatcher('eth0', at())?.programs).toMatchObject([{ ...first.program, slot: 'firewall' }])
    slots.length = 0
    const second = await join({ name: 'firewall', priority: 3 })
    expect(queryDispatcher('eth0', at())?.programs).toMatchObject([
      { ...second.program, slot: 'firewall', priority: 3 },
    ])
  })
})
