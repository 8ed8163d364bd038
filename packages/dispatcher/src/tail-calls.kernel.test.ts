import { type Program, type RawMap, UnsupportedKernelError } from '@millrace/core'
import { loadAgain } from '@millrace/core/internal'
import { ProgramArray } from '@millrace/maps'
import { queryXdp, XdpAction } from '@millrace/xdp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { canReplace, isGuest } from '../test/kernel.js'
import { loadMembers, type Members, takeTrace } from '../test/members.js'
import { Network } from '../test/network.js'
import { remains } from '../test/xdp-loader.js'
import { joinXdp } from './index.js'

const bpffs = useBpffs()
let network: Network
let object: Members

beforeAll(async () => {
  network = await Network.make()
  object = await loadMembers(bpffs.path, 'a')
})
afterAll(async () => {
  object.close()
  await network.close()
})

const at = () => ({ netns: network.netns, bpffs: bpffs.path })

async function traceOfOne(): Promise<string> {
  takeTrace(object)
  await network.send()
  return takeTrace(object)
}

/** A program that tail-calls what its own program array has, loaded for no attach type. */
function loadCaller() {
  const caller = loadAgain(object.programs.calling, { own: ['next'], attachType: 0 })
  const next = ProgramArray.from(caller.maps.get('next') as RawMap, { programType: 'xdp' })
  return { caller, lead: (to: Program<'xdp'>) => next.set(0, to) }
}

// Other kernels, from 6.2 on, may take it: Debian's do not.
describe.runIf(isGuest)('a program whose program array belongs to XDP programs', () => {
  it('is refused, with the reason, and nothing is left', async () => {
    const join = joinXdp(object.programs.calling, 'eth0', at())
    await expect(join).rejects.toThrow(UnsupportedKernelError)
    await expect(join).rejects.toThrow(
      /has no program in a slot that shares next with an XDP program \(calling\); .* belong to one kind of program/,
    )
    expect(queryXdp('eth0', { netns: network.netns })).toEqual([])
    expect(remains(bpffs.path)).toEqual([])
  })
})

describe.runIf(canReplace)('programs without an attach type', () => {
  it('make tail calls from a slot, and come back to the dispatcher with the verdict', async () => {
    const [first, second] = [loadCaller(), loadCaller()]
    using last = loadAgain(object.programs.member, { attachType: 0 })
    using b = await loadMembers(bpffs.path, 'b')
    first.lead(second.caller.program)
    second.lead(last.program)

    const slot = await joinXdp(first.caller.program, 'eth0', { ...at(), priority: 10 })
    expect(await traceOfOne()).toBe('a')
    using other = await joinXdp(b.programs.member, 'eth0', at())
    expect(await traceOfOne()).toBe('ab')
    object.variables.verdict.set(XdpAction.Drop)
    expect(await traceOfOne()).toBe('a')

    // A write to an array changes what runs in the slot: nothing is built anew.
    using passing = loadAgain(b.programs.another, { attachType: 0 })
    const { id } = slot.program
    first.lead(passing.program)
    expect(await traceOfOne()).toBe('bb')
    expect(slot.program.id).toBe(id)
    await slot.leave()
    await other.leave()
    for (const { caller } of [first, second]) caller.close()
    expect(remains(bpffs.path)).toEqual([])
  })
})
