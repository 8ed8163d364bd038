import { UnsupportedKernelError } from '@millrace/core'
import { type Binding, errno, type Failure, type Interface } from '@millrace/core/internal'
import { beforeEach, expect, it, vi } from 'vitest'
import { QdiscBusyError } from '../errors/index.js'
import { ensureQdisc } from './qdisc.js'

/** What a kernel says that is not at hand, or not at that moment. */
const answers = vi.hoisted(() => ({ create: [] as (Failure | null)[], exists: [] as boolean[] }))

vi.mock('@millrace/core/internal', async (original) => ({
  ...(await original<typeof import('@millrace/core/internal')>()),
  nativeBinding: (): Pick<Binding, 'clsactCreate' | 'clsactExists'> => ({
    clsactCreate: () => answers.create.shift() ?? null,
    clsactExists: () => answers.exists.shift() ?? false,
  }),
}))

const iface: Interface = { name: 'eth0', index: 2, netns: '' }
const taken: Failure = { errno: errno.EEXIST, log: 'Exclusivity flag on, cannot modify' }

beforeEach(() => {
  answers.create = []
  answers.exists = []
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
