import { KernelError, type Program } from '@millrace/core'
import { type Binding, errno, type Failure, type NativeFilter } from '@millrace/core/internal'
import { beforeEach, expect, it, vi } from 'vitest'
import { attachFilter } from './attach-filter.js'
import { FilterGrip } from './filter-grip.js'

/** A hook that somebody else changes between our look at it and our change. */
const hook = vi.hoisted(() => ({
  filters: [] as NativeFilter[],
  hasQdisc: true,
  refusals: [] as { failure: Failure; meanwhile?: () => void }[],
  set: [] as { priority: number; handle: number; name: string }[],
}))

vi.mock('@millrace/core/internal', async (original) => ({
  ...(await original<typeof import('@millrace/core/internal')>()),
  interfaceExists: () => true,
  nativeBinding: (): Partial<Binding> => ({
    clsactCreate: () => {
      if (hook.hasQdisc) return { errno: 17, log: 'Exclusivity flag on, cannot modify' }
      hook.hasQdisc = true
      return null
    },
    clsactExists: () => hook.hasQdisc,
    clsactDelete: () => {
      hook.hasQdisc = false
      return null
    },
    filterList: (_, parent) => (parent === 0xffff_fff2 ? [...hook.filters] : []),
    filterSet: (_program, _ifindex, _parent, filter) => {
      hook.set.push(filter)
      const refusal = hook.refusals.shift()
      refusal?.meanwhile?.()
      return refusal?.failure ?? null
    },
  }),
}))

const exists = { errno: errno.EEXIST, log: 'Filter already exists' }
const program = { id: 1, handle: 5, name: 'guard' } as Program<'sched_cls'>

function attach() {
  return attachFilter(
    { interface: { name: 'eth0', index: 2, netns: '' }, direction: 'ingress' },
    {
      program,
      position: { at: 'last' },
      expectedRevision: undefined,
      mark: { name: 'guard', pinRoot: undefined },
      priority: undefined,
    },
  )
}

function theirs(priority: number, name = 'theirs'): NativeFilter {
  return { priority, handle: 1, protocol: 3, chain: 0, kind: 'bpf', name, programId: 9, directAction: true }
}

beforeEach(() => {
  Object.assign(hook, { filters: [], hasQdisc: true, refusals: [], set: [] })
})

it('looks again when somebody was faster to take the place', () => {
  hook.refusals = [{ failure: exists, meanwhile: () => hook.filters.push(theirs(16_384)) }]
  expect(attach()).toBeInstanceOf(FilterGrip)
  const [first, second, ...more] = hook.set.map(({ priority }) => priority)
  expect(first).toBe(16_384)
  expect(second).toBeGreaterThan(16_384)
  expect(more).toEqual([])
})

it('makes the qdisc again when somebody has removed it, and it is ours then', () => {
  const failure = { errno: errno.EINVAL, log: "Parent Qdisc doesn't exists" }
  const meanwhile = () => {
    hook.hasQdisc = false
  }
  hook.refusals = [{ failure, meanwhile }]
  expect(attach()).toBeInstanceOf(FilterGrip)
  expect(hook.set.map(({ name }) => name)).toEqual(['millrace/guard', 'millrace+/guard'])
})

it('gives up after a while, and takes back the qdisc that it has made', () => {
  hook.hasQdisc = false
  hook.refusals = Array.from({ length: 100 }, () => ({ failure: exists }))
  expect(attach).toThrow(KernelError)
  expect(hook.refusals.length).toBeGreaterThan(50)
  expect(hook.hasQdisc).toBe(false)
})

it('does not try again what cannot be', () => {
  hook.refusals = [{ failure: { errno: errno.EOPNOTSUPP, log: 'This filter block is shared' } }]
  expect(attach).toThrow(
    'could not attach program guard to tc ingress on eth0: EOPNOTSUPP, operation not supported; This filter block is shared',
  )
  expect(hook.set).toHaveLength(1)
  expect(hook.hasQdisc).toBe(true)
})

it('leaves the qdisc that it has made when somebody uses it by now', () => {
  hook.hasQdisc = false
  const failure = { errno: errno.ENOMEM, log: '' }
  hook.refusals = [{ failure, meanwhile: () => hook.filters.push(theirs(7)) }]
  expect(attach).toThrow(KernelError)
  expect(hook.hasQdisc).toBe(true)
})

it('hands the qdisc on by the name of each filter of ours', () => {
  hook.filters = [theirs(7, 'millrace+/other')]
  attach()
  hook.filters = [theirs(7, 'millrace/other')]
  attach()
  expect(hook.set.map(({ name }) => name)).toEqual(['millrace+/guard', 'millrace/guard'])
})
