import { load, MissingCapabilityError } from '@millrace/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asNobody } from '../../test/as-nobody.js'
import { makeCgroup, type TestCgroup } from '../../test/cgroup.js'
import { turns } from '../../test/generated/turns.bpf.js'
import { attachCgroup, queryCgroup } from './index.js'

const object = await load(turns)
const { one, two, received } = object.programs
let cgroup: TestCgroup

beforeAll(async () => {
  cgroup = await makeCgroup()
})
afterAll(async () => {
  await cgroup.remove()
  object.close()
})

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

it.each(['link', 'direct'] as const)('attaching by %s names the capability that is missing', (mechanism) => {
  const error = asNobody(() => thrownBy(() => attachCgroup(received, cgroup.path, { mechanism })))
  expect(error).toBeInstanceOf(MissingCapabilityError)
  expect(error).toMatchObject({ capability: 'CAP_NET_ADMIN' })
  expect(String(error)).toMatch(`to attach program received to ingress of ${cgroup.path} needs CAP_NET_ADMIN`)
  expect(queryCgroup(cgroup.path, { hook: 'ingress' }).programs).toEqual([])
})

it('a query, and what needs one, names it too', () => {
  const calls = [
    () => queryCgroup(cgroup.path, { hook: 'connect4' }),
    () => attachCgroup(one, cgroup.path, { order: { before: two } }),
    () => attachCgroup(one, cgroup.path, { mode: 'exclusive' }),
  ]
  for (const call of calls) {
    expect(asNobody(() => thrownBy(call))).toMatchObject({
      code: 'ERR_MISSING_CAPABILITY',
      capability: 'CAP_NET_ADMIN',
    })
  }
})
