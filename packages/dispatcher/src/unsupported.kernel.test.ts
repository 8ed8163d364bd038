import { ArgumentError, ClosedError, PinError, UnsupportedKernelError } from '@millrace/core'
import { queryXdp } from '@millrace/xdp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { canReplace } from '../test/kernel.js'
import { loadMembers, type Members } from '../test/members.js'
import { Network } from '../test/network.js'
import { remains } from '../test/xdp-loader.js'
import { joinXdp, purgeDispatcher, queryDispatcher } from './index.js'

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

describe.runIf(!canReplace)('a kernel that replaces no functions', () => {
  it('says so, and what to do, and nothing is left', async () => {
    const join = joinXdp(object.programs.member, 'eth0', at())
    await expect(join).rejects.toThrow(UnsupportedKernelError)
    await expect(join).rejects.toThrow(
      /^this kernel \(\S+\) has no programs that take the place of functions of others \(freplace\); it .* \(E\w+\).*; without them an interface runs one program: attachXdp/,
    )
    expect(queryXdp('eth0', { netns: network.netns })).toEqual([])
    expect(remains(bpffs.path)).toEqual([])
  })
})

describe('what is wrong before the kernel is asked', () => {
  const join = (options: object, iface: string | number = 'eth0') =>
    joinXdp(object.programs.member, iface, { ...at(), ...options })

  it.each([
    [{ priority: -1 }, 'options.priority'],
    [{ priority: 2 ** 32 }, 'an integer from 0 to 4294967295'],
    [{ priority: '1' }, 'options.priority'],
    [{ goOn: 'pass' }, 'options.goOn'],
    [{ goOn: ['pas'] }, 'pass'],
    [{ mode: 'offload' }, 'one of auto, native, generic'],
    [{ name: 'a.b' }, 'letters, digits'],
    [{ name: '' }, 'options.name'],
    [{ signal: 1 }, 'an AbortSignal'],
    [{ prority: 1 }, 'priority'],
    [{ netns: '/nowhere' }, 'options.netns'],
  ])('%o', async (options, expected) => {
    await expect(join(options)).rejects.toThrow(ArgumentError)
    await expect(join(options)).rejects.toThrow(expected)
  })

  it('an interface that is not there', async () => {
    await expect(join({}, 'eth1')).rejects.toThrow(ArgumentError)
    await expect(join({}, 99)).rejects.toThrow('an interface that exists')
    await expect(purgeDispatcher('eth1', at())).rejects.toThrow(ArgumentError)
    expect(() => queryDispatcher('eth1', at())).toThrow(ArgumentError)
  })

  it('a folder that is on no bpf filesystem', async () => {
    await expect(join({ bpffs: '/tmp' })).rejects.toThrow(PinError)
    await expect(join({ bpffs: '/nowhere' })).rejects.toThrow('/nowhere is not on a bpf filesystem')
  })

  it('a program that is closed, or none', async () => {
    const closed = await loadMembers(bpffs.path, 'c')
    closed.close()
    await expect(joinXdp(closed.programs.member, 'eth0', at())).rejects.toThrow(ClosedError)
    // @ts-expect-error not a program
    await expect(joinXdp({}, 'eth0', at())).rejects.toThrow('a loaded Program of type xdp')
  })

  it('nothing to purge', async () => {
    await purgeDispatcher('eth0', at())
    expect(remains(bpffs.path)).toEqual([])
  })
})
