import { load, UnsupportedKernelError } from '@millrace/core'
import { type Binding, errno, nativeBinding } from '@millrace/core/internal'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { makeCgroup, type TestCgroup } from '../../test/cgroup.js'
import { turns } from '../../test/generated/turns.bpf.js'
import { attachCgroup, queryCgroup } from './index.js'

/** Kernels that are older than this one, by what they say: all else is this kernel. */
const object = await load(turns)
const { one, two } = object.programs
let cgroup: TestCgroup

beforeAll(async () => {
  cgroup = await makeCgroup()
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  await cgroup.remove()
  object.close()
})

const einval = { errno: errno.EINVAL, log: '' }

/** Before Linux 5.7. */
function withoutLinks() {
  vi.spyOn(nativeBinding(), 'linkCreate').mockReturnValue(einval)
}

/** Before Linux 6.17: flags that it does not know are refused, and it counts no revisions. */
function withoutOrder() {
  const native = nativeBinding()
  const { linkCreate, programAttach, hookQuery } = native
  const knownFlags = 0b111
  vi.spyOn(native, 'linkCreate').mockImplementation((...args: Parameters<Binding['linkCreate']>) =>
    args[3]?.flags ? einval : linkCreate(...args),
  )
  vi.spyOn(native, 'programAttach').mockImplementation((...args: Parameters<Binding['programAttach']>) =>
    args[3].flags & ~knownFlags || args[3].expectedRevision ? einval : programAttach(...args),
  )
  vi.spyOn(native, 'hookQuery').mockImplementation((...args: Parameters<Binding['hookQuery']>) => {
    const state = hookQuery(...args)
    return 'errno' in state ? state : { ...state, revision: 0n }
  })
}

it('without links a program is attached directly, and that is told', () => {
  withoutLinks()
  using attachment = attachCgroup(one, cgroup.path)
  expect(attachment).toMatchObject({
    mechanism: 'direct',
    mode: 'multi',
    link: undefined,
    reason: 'link: the kernel gave none (EINVAL)',
  })
  expect(queryCgroup(cgroup.path, { hook: 'connect4' }).programs).toMatchObject([{ program: { id: one.id } }])
  expect(() => attachCgroup(two, cgroup.path, { mechanism: 'link' })).toThrow(/EINVAL/)
})

it.each(['link', 'direct', 'auto'] as const)('without an order, %s attaches last, and nowhere else', (mechanism) => {
  withoutOrder()
  using first = attachCgroup(one, cgroup.path, { mechanism })
  for (const order of ['first', { before: first }, { after: one }] as const) {
    const attach = () => attachCgroup(two, cgroup.path, { mechanism, order })
    expect(attach).toThrow(UnsupportedKernelError)
    expect(attach).toThrow('an order among the programs of a control group needs Linux 6.17, this is ')
  }
  using second = attachCgroup(two, cgroup.path, { mechanism, order: 'last' })
  const { programs, revision } = queryCgroup(cgroup.path, { hook: 'connect4' })
  expect(programs.map(({ program }) => program.id)).toEqual([first.programId, second.programId])
  expect(revision).toBe(0n)
})

it('without an order, no revision is expected', () => {
  withoutOrder()
  const attach = () => attachCgroup(one, cgroup.path, { expectedRevision: 1n })
  expect(attach).toThrow(UnsupportedKernelError)
  expect(attach).toThrow('expecting a revision of a control group needs Linux 6.17')
})

it('without an order, a program still takes the place of another', () => {
  withoutOrder()
  using first = attachCgroup(one, cgroup.path, { mode: 'exclusive' })
  using second = attachCgroup(two, cgroup.path, { order: { replace: first } })
  expect(second).toMatchObject({ mode: 'exclusive', programId: two.id })
})
