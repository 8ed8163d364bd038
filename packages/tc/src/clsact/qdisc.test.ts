import { KernelError, UnsupportedKernelError } from '@millrace/core'
import { type Binding, errno, type Failure, type Interface } from '@millrace/core/internal'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { refusedQdisc, removeQdiscIfUnused, removeQdiscWithLast } from './qdisc.js'

/** What a kernel says that is not at hand, or not at that moment. */
const answers = vi.hoisted(() => ({
  delete: [] as (Failure | null)[],
  deleteBoth: [] as (Failure | null)[],
  filters: 0,
}))

vi.mock('@millrace/core/internal', async (original) => ({
  ...(await original<typeof import('@millrace/core/internal')>()),
  interfaceExists: () => true,
  nativeBinding: (): Pick<Binding, 'clsactDelete' | 'filterDeleteWithQdisc' | 'filterList'> => ({
    clsactDelete: () => answers.delete.shift() ?? null,
    filterDeleteWithQdisc: () => answers.deleteBoth.shift() ?? null,
    filterList: () => Array.from({ length: answers.filters }, () => filter),
  }),
}))

const iface: Interface = { name: 'eth0', index: 2, netns: '' }
const hook = { interface: iface, direction: 'ingress' } as const
const filter = {
  ...{ priority: 1, handle: 1, protocol: 3, chain: 0, kind: 'bpf' },
  ...{ name: 'theirs', programId: 1, directAction: true },
}
const busy: Failure = { errno: errno.EBUSY, log: 'Current ingress or clsact Qdisc has ongoing filter requests' }

beforeEach(() => {
  Object.assign(answers, { delete: [], deleteBoth: [], filters: 0 })
})

describe('a qdisc that could not be made', () => {
  it('tells a kernel without clsact', () => {
    const found = refusedQdisc(iface, { errno: errno.ENOENT, log: 'Specified qdisc kind is unknown' })
    expect(found).toMatchObject({
      reason: expect.stringMatching(
        /^this kernel \(.*\) has no clsact; it was built without CONFIG_NET_SCH_INGRESS, or its module/,
      ),
      unavailable: expect.any(UnsupportedKernelError),
    })
  })

  it('is an error for every other reason', () => {
    expect(() => refusedQdisc(iface, { errno: errno.ENOMEM, log: '' })).toThrow(KernelError)
    expect(() => refusedQdisc(iface, { errno: errno.ENOENT, log: '' })).toThrow(KernelError)
  })
})

describe('a qdisc that is not used', () => {
  it('is tried again while somebody is at a filter, and left to who goes on with that', () => {
    answers.delete = [busy, busy, null, busy]
    removeQdiscIfUnused(iface)
    expect(answers.delete).toHaveLength(1)
    answers.delete = Array.from({ length: 100 }, () => busy)
    removeQdiscIfUnused(iface)
    expect(answers.delete.length).toBeGreaterThan(50)
  })

  it('is not removed from under a filter', () => {
    answers.filters = 1
    answers.delete = [null]
    removeQdiscIfUnused(iface)
    expect(answers.delete).toHaveLength(1)
  })
})

describe('a qdisc with its last filter', () => {
  it('is tried again while somebody is at a filter, and left to who goes on with that', () => {
    answers.deleteBoth = [busy, busy, null, busy]
    expect(removeQdiscWithLast(hook, filter)).toBe(true)
    expect(answers.deleteBoth).toHaveLength(1)
    answers.deleteBoth = Array.from({ length: 100 }, () => busy)
    expect(removeQdiscWithLast(hook, filter)).toBe(false)
    expect(answers.deleteBoth.length).toBeGreaterThan(50)
  })

  it.each(['ENOTEMPTY', 'ENOENT', 'EINVAL', 'ENODEV'] as const)('stays without a word after %s', (name) => {
    answers.deleteBoth = [{ errno: errno[name], log: '' }]
    expect(removeQdiscWithLast(hook, filter)).toBe(false)
  })

  it('tells what else the kernel says', () => {
    answers.deleteBoth = [{ errno: errno.ENOMEM, log: '' }]
    expect(() => removeQdiscWithLast(hook, filter)).toThrow(KernelError)
  })
})
