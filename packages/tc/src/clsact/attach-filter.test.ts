import { KernelError, type Program } from '@millrace/core'
import { type Binding, errno, type Failure, type NativeFilter } from '@millrace/core/internal'
import { beforeEach, expect, it, vi } from 'vitest'
import { QdiscBusyError } from '../errors/index.js'
import { attachFilter } from './attach-filter.js'
import { FilterGrip } from './filter-grip.js'

/** A hook that somebody else changes between our look at it and our change. */
const hook = vi.hoisted(() => ({
  filters: [] as NativeFilter[],
  hasQdisc: true,
  /** of `ingress`, which has the place of clsact */
  hasIngress: false,
  /** just before the qdisc and its filter are made */
  beforeQdisc: [] as (() => void)[],
  refusals: [] as { failure: Failure; meanwhile?: () => void }[],
  noReplacing: undefined as Failure | undefined,
  set: [] as { priority: number; handle: number; name: string; replace: boolean }[],
}))

/** As the kernel does it, but for the order of filters. */
function setFilter(filter: (typeof hook.set)[number]): Failure | null {
  hook.set.push(filter)
  const refusal = hook.refusals.shift()
  refusal?.meanwhile?.()
  if (refusal !== undefined) return refusal.failure
  if (filter.replace && hook.noReplacing !== undefined) return hook.noReplacing
  if (filter.replace) removeFilter(filter.priority)
  hook.filters.push({ ...theirs(filter.priority, filter.name), programId: 1 })
  return null
}

function removeFilter(priority: number): void {
  hook.filters = hook.filters.filter((it) => it.priority !== priority)
}

vi.mock('@millrace/core/internal', async (original) => ({
  ...(await original<typeof import('@millrace/core/internal')>()),
  interfaceExists: () => true,
  nativeBinding: (): Partial<Binding> => ({
    filterSetWithQdisc: (_program, _ifindex, _parent, filter) => {
      if (hook.hasIngress) return { errno: errno.EBUSY, log: '' }
      hook.beforeQdisc.shift()?.()
      const qdisc = hook.hasQdisc || hook.hasIngress ? { errno: errno.EEXIST, log: 'Exclusivity flag on' } : null
      hook.hasQdisc ||= !hook.hasIngress
      return { qdisc, filter: setFilter(filter) }
    },
    clsactExists: () => hook.hasQdisc,
    clsactDelete: () => {
      hook.hasQdisc = false
      return null
    },
    filterList: (_, parent) => (parent === 0xffff_fff2 ? [...hook.filters] : []),
    filterSet: (_program, _ifindex, _parent, filter) => setFilter(filter),
    filterDelete: (_ifindex, _parent, priority) => {
      removeFilter(priority)
      return null
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
  Object.assign(hook, {
    filters: [],
    hasQdisc: true,
    hasIngress: false,
    beforeQdisc: [],
    refusals: [],
    noReplacing: undefined,
    set: [],
  })
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

it('says nothing of a qdisc that somebody has made at the same moment', () => {
  hook.hasQdisc = false
  hook.beforeQdisc = [() => Object.assign(hook, { hasQdisc: true })]
  expect(attach()).toBeInstanceOf(FilterGrip)
  expect(hook.set.map(({ name, replace }) => [name, replace])).toEqual([
    ['millrace+/guard', false],
    ['millrace/guard', true],
  ])
  expect(hook.filters.map(({ name }) => name)).toEqual(['millrace/guard'])
})

it('leaves the qdisc ours when it was one of us who has made it at the same moment', () => {
  hook.hasQdisc = false
  hook.beforeQdisc = [() => Object.assign(hook, { hasQdisc: true, filters: [theirs(7, 'millrace+/other')] })]
  expect(attach()).toBeInstanceOf(FilterGrip)
  expect(hook.filters.map(({ name }) => name)).toEqual(['millrace+/other', 'millrace+/guard'])
})

it('takes its filter off an ingress qdisc that somebody has made at the same moment', () => {
  hook.hasQdisc = false
  hook.beforeQdisc = [() => Object.assign(hook, { hasIngress: true })]
  expect(attach).toThrow(QdiscBusyError)
  expect(hook.set).toHaveLength(1)
  expect(hook.filters).toEqual([])
})

it('leaves nothing that says something wrong when the name cannot be mended', () => {
  hook.hasQdisc = false
  hook.beforeQdisc = [() => Object.assign(hook, { hasQdisc: true })]
  hook.noReplacing = { errno: errno.ENOMEM, log: '' }
  expect(attach).toThrow(KernelError)
  expect(hook.filters).toEqual([])
  expect(hook.hasQdisc).toBe(true)
})

it('hands the qdisc on by the name of each filter of ours', () => {
  hook.filters = [theirs(7, 'millrace+/other')]
  attach()
  hook.filters = [theirs(7, 'millrace/other')]
  attach()
  expect(hook.set.map(({ name }) => name)).toEqual(['millrace+/guard', 'millrace/guard'])
})
