import { UnsupportedKernelError } from '@millrace/core'
import { type Binding, errno, type Failure, type Interface } from '@millrace/core/internal'
import { beforeEach, expect, it, vi } from 'vitest'
import { QdiscBusyError } from '../errors/index.js'
import { ensureQdisc, removeQdiscIfUnused } from './qdisc.js'

/** What a kernel says that is not at hand, or not at that moment. */
const answers = vi.hoisted(() => ({
  create: [] as (Failure | null)[],
  exists: [] as boolean[],
  delete: [] as (Failure | null)[],
  filters: 0,
}))

vi.mock('@millrace/core/internal', async (original) => ({
  ...(await original<typeof import('@millrace/core/internal')>()),
  nativeBinding: (): Pick<Binding, 'clsactCreate' | 'clsactExists' | 'clsactDelete' | 'filterList'> => ({
    clsactCreate: () => answers.create.shift() ?? null,
    clsactExists: () => answers.exists.shift() ?? false,
    clsactDelete: () => answers.delete.shift() ?? null,
    filterList: () => Array.from({ length: answers.filters }, () => filter),
  }),
}))

const iface: Interface = { name: 'eth0', index: 2, netns: '' }
const filter = {
  ...{ priority: 1, handle: 1, protocol: 3, chain: 0, kind: 'bpf' },
  ...{ name: 'theirs', programId: 1, directAction: true },
}
const busy: Failure = { errno: errno.EBUSY, log: 'Current ingress or clsact Qdisc has ongoing filter requests' }
const taken: Failure = { errno: errno.EEXIST, log: 'Exclusivity flag on, cannot modify' }

beforeEach(() => {
  Object.assign(answers, { create: [], exists: [], delete: [], filters: 0 })
})

it('tells a kernel without clsact', () => {
  answers.create = [{ errno: errno.ENOENT, log: 'Specified qdisc kind is unknown' }]
  const found = ensureQdisc(iface)
  expect(found).toMatchObject({
    reason: expect.stringMatching(
      /^this kernel \(.*\) has no clsact; it was built without CONFIG_NET_SCH_INGRESS, or its module/,
    ),
    unavailable: expect.any(UnsupportedKernelError),
  })
})

it('makes it when somebody has removed theirs between two looks', () => {
  answers.create = [taken, taken, null]
  answers.exists = [false, false]
  expect(ensureQdisc(iface)).toEqual({ made: true })
  answers.create = [taken, taken]
  answers.exists = [false, true]
  expect(ensureQdisc(iface)).toEqual({ made: false })
})

it('gives up when it stays another kind', () => {
  answers.create = Array.from({ length: 100 }, () => taken)
  expect(() => ensureQdisc(iface)).toThrow(QdiscBusyError)
  expect(answers.create.length).toBeGreaterThan(50)
})

it('tries again to remove it while somebody is at a filter, and leaves it to who goes on with that', () => {
  answers.delete = [busy, busy, null, busy]
  removeQdiscIfUnused(iface)
  expect(answers.delete).toHaveLength(1)
  answers.delete = Array.from({ length: 100 }, () => busy)
  removeQdiscIfUnused(iface)
  expect(answers.delete.length).toBeGreaterThan(50)
})

it('does not remove it from under a filter', () => {
  answers.filters = 1
  answers.delete = [null]
  removeQdiscIfUnused(iface)
  expect(answers.delete).toHaveLength(1)
})
