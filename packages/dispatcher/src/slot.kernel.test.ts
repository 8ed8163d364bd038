import { existsSync } from 'node:fs'
import { ArgumentError, ClosedError, InterfaceGoneError, load, Program, VerifierError } from '@millrace/core'
import { XdpAction, XdpRefusedError } from '@millrace/xdp'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { members } from '../test/generated/members.bpf.js'
import { canReplace } from '../test/kernel.js'
import { loadMembers, type Members, seenBy, takeTrace } from '../test/members.js'
import { Network } from '../test/network.js'
import { remains } from '../test/xdp-loader.js'
import { type JoinXdpOptions, joinXdp, queryDispatcher, type XdpSlot } from './index.js'

const bpffs = useBpffs()
let network: Network
let first: Members
let second: Members

beforeAll(async () => {
  network = await Network.make()
  first = await loadMembers(bpffs.path, 'a', XdpAction.Drop)
  second = await loadMembers(bpffs.path, 'b', XdpAction.Drop)
})
afterEach(() => vi.waitFor(() => expect(remains(bpffs.path)).toEqual([]), { timeout: 20_000 }))
afterAll(async () => {
  first.close()
  second.close()
  await network.close()
})

const at = (options: JoinXdpOptions = {}) => ({ netns: network.netns, bpffs: bpffs.path, ...options })
const join = (options: JoinXdpOptions = {}): Promise<XdpSlot> => joinXdp(first.programs.member, 'eth0', at(options))

async function traceOfOne(): Promise<string> {
  takeTrace(first)
  await network.send()
  return takeTrace(first)
}

describe.runIf(canReplace)('a slot', () => {
  it('exchanges its program, and keeps its place', async () => {
    using slot = await join({ priority: 10, goOn: ['drop'] })
    using _last = await join()
    const { id } = slot.program
    await slot.update(second.programs.member)
    expect(slot.program.id).not.toBe(id)
    expect(slot).toMatchObject({ priority: 10, goOn: ['drop'] })
    expect(await traceOfOne()).toBe('ba')
    await slot.configure({ priority: 60 })
    expect(slot).toMatchObject({ priority: 60, goOn: ['drop'] })
    expect(await traceOfOne()).toBe('a')
  })

  it('shares its maps with the object, and outlives it', async () => {
    const object = await loadMembers(bpffs.path, 'c')
    using _slot = await joinXdp(object.programs.member, 'eth0', at())
    await network.send(3)
    expect(seenBy(object)).toBe(3)
    object.close()
    expect(await traceOfOne()).toBe('c')
  })

  it('takes programs that change packets', async () => {
    using _one = await joinXdp(second.programs.resizing, 'eth0', at({ goOn: ['drop'] }))
    using _other = await joinXdp(first.programs.resizing, 'eth0', at())
    expect(await traceOfOne()).toBe('ba')
  })

  it('ends with its owner closing it, once', async () => {
    const slot = await join()
    slot.close()
    slot.close()
    expect(queryDispatcher('eth0', at())).toBeUndefined()
    await expect(slot.leave()).rejects.toThrow(ClosedError)
    await expect(slot.update(second.programs.member)).rejects.toThrow(ClosedError)
    await expect(slot.configure({})).rejects.toThrow(ClosedError)
    expect(() => slot.query()).toThrow(ClosedError)
  })

  it('ends by leaving also when it has a name', async () => {
    const slot = await join({ name: 'kept' })
    await slot.leave()
    expect(queryDispatcher('eth0', at())).toBeUndefined()
  })

  it('takes changes of many owners at once', async () => {
    const slots = await Promise.all([5, 3, 4, 1, 2].map((priority) => join({ priority, goOn: ['drop'] })))
    await Promise.all(
      slots.map((slot, index) => (index === 0 ? slot.leave() : slot.configure({ priority: 9 - slot.priority }))),
    )
    expect(queryDispatcher('eth0', at())?.programs.map(({ priority }) => priority)).toEqual([5, 6, 7, 8])
    await Promise.all(slots.slice(1).map((slot) => slot.leave()))
  })

  it('is gone with its interface', async () => {
    const short = await Network.make()
    const options = { netns: short.netns, bpffs: bpffs.path }
    const slot = await joinXdp(first.programs.member, 'eth0', options)
    const kept = await joinXdp(first.programs.member, 'eth0', { ...options, name: 'kept' })
    await short.far.run('ip', ['link', 'delete', 'eth0'])
    await expect(slot.update(second.programs.member)).rejects.toThrow(InterfaceGoneError)
    slot.close()
    await kept.leave()
    await short.close()
  })
})

describe.runIf(canReplace)('jumbo frames', () => {
  it('reach programs that all take packets in several buffers, and no others', async () => {
    const large = await Network.make({ mtu: 9000 })
    using object = await load(members, { pinRoot: bpffs.path, omit: ['returningEnum', 'notXdp'] })
    const options = { netns: large.netns, bpffs: bpffs.path }
    const native = { ...options, mode: 'native' } as const
    const plain = () => joinXdp(object.programs.member, 'eth0', native)
    await expect(plain()).rejects.toThrow(XdpRefusedError)
    const slots = [await joinXdp(object.programs.memberFrags, 'eth0', native)]
    slots.push(await joinXdp(object.programs.memberFrags, 'eth0', native))
    const before = queryDispatcher('eth0', options)
    expect(before?.programs.map(({ frags }) => frags)).toEqual([true, true])
    await expect(plain()).rejects.toThrow(/the MTU of eth0 is too large for a dispatcher of programs not all of which/)
    expect(queryDispatcher('eth0', options)).toEqual(before)
    await large.send()
    expect(seenBy(object)).toBe(2)
    for (const slot of slots) await slot.leave()
    await large.close()
  })
})

describe.runIf(canReplace)('a program', () => {
  it('is refused that returns anything but an int', async () => {
    using object = await load(members, { pinRoot: bpffs.path, omit: ['memberFrags', 'notXdp'] })
    await expect(joinXdp(object.programs.returningEnum, 'eth0', at())).rejects.toThrow(VerifierError)
  })

  it('is refused that was not loaded here', async () => {
    using program = Program.openById(first.programs.member.id).as('xdp')
    await expect(joinXdp(program, 'eth0', at())).rejects.toThrow(ArgumentError)
  })

  it('does not join any more once the wait was called off', async () => {
    const signal = AbortSignal.abort(new Error('called off'))
    await expect(join({ signal })).rejects.toThrow('called off')
    using slot = await join()
    await expect(slot.update(second.programs.member, { signal })).rejects.toThrow('called off')
    expect(existsSync(`${bpffs.path}/xdp`)).toBe(true)
  })
})
