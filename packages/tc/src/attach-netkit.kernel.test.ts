import { ArgumentError, type Program, UnsupportedKernelError } from '@millrace/core'
import { isAtLeast, runningKernel } from '@millrace/core/internal'
import { afterAll, describe, expect, it } from 'vitest'
import { hasNetkit } from '../test/netkit.js'
import { makeNetwork } from '../test/network.js'
import { loadWitnesses } from '../test/witnesses.js'
import { type AttachNetkitOptions, attachNetkit, queryNetkit } from './index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, notTc } = witnesses.programs
const { far } = network.hosts
const { netns } = far

afterAll(async () => {
  witnesses.close()
  await network.close()
})

describe.each(['primary', 'peer'] as const)('netkit, %s', (endpoint) => {
  const options = { netns, endpoint }

  // What it does where there is one: netkit.kernel.test.ts.
  it.runIf(!hasNetkit)('is refused where the kernel has no netkit, with the reason', () => {
    const attach = () => attachNetkit(a, 'eth0', options)
    expect(attach).toThrow(UnsupportedKernelError)
    expect(attach).toThrow(
      isAtLeast('6.7')
        ? `this kernel (${runningKernel()}) has no netkit; it was built without CONFIG_NETKIT`
        : `netkit needs Linux 6.7, this is ${runningKernel()}`,
    )
    expect(() => queryNetkit('eth0', options)).toThrow(UnsupportedKernelError)
    const anchored = () => attachNetkit(a, 'eth0', { ...options, order: { before: { programId: b.id } } })
    expect(anchored).toThrow(UnsupportedKernelError)
  })

  it.each([
    [{ endpoint: 'prmary' }, /did you mean primary\?/],
    [{ direction: 'ingress' }, /^options is 'direction', expected one of the options endpoint/],
    [{ order: 'frist' }, /did you mean first\?/],
    [{ expectedRevision: 1 }, /^options\.expectedRevision is 1/],
    [{ netns: 'nowhere' }, /^options\.netns is 'nowhere'/],
  ])('takes no %o', (wrong, message) => {
    const attach = () => attachNetkit(a, 'lo', { ...options, ...wrong } as AttachNetkitOptions)
    expect(attach).toThrow(ArgumentError)
    expect(attach).toThrow(message)
  })

  it('takes a tc program and an interface that exists', () => {
    expect(() => attachNetkit(notTc as unknown as Program<'sched_cls'>, 'lo', options)).toThrow(
      /^program\.type is 'xdp'/,
    )
    expect(() => attachNetkit(a, 'nowhere', options)).toThrow(/^iface is 'nowhere'/)
  })
})
