import { load } from '@millrace/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Agent } from '../../test/agent.js'
import { makeCgroup, type TestCgroup } from '../../test/cgroup.js'
import { turns } from '../../test/generated/turns.bpf.js'
import { attachCgroup, queryCgroup } from './index.js'

const object = await load(turns)
const { one, two, three } = object.programs
let cgroup: TestCgroup
let agent: Agent
let port: number

beforeAll(async () => {
  cgroup = await makeCgroup()
  agent = await Agent.start({ cgroup: cgroup.path })
  port = (await agent.do('serveTcp', { name: 'server', host: '127.0.0.1' })).port
})
afterAll(async () => {
  await cgroup.remove()
  object.close()
})
beforeEach(() => object.variables.turns.set(0n))

/** The programs that one connect() runs, in the order in which they ran. */
async function whoRan(): Promise<string> {
  object.variables.turns.set(0n)
  await agent.do('tcp', { host: '127.0.0.1', port })
  return String(object.variables.turns.get())
}

const ways = [
  { mechanism: 'link', mode: 'multi' },
  { mechanism: 'direct', mode: 'multi' },
  { mechanism: 'direct', mode: 'override' },
  { mechanism: 'direct', mode: 'exclusive' },
] as const

describe.each(ways)('$mechanism, $mode', ({ mechanism, mode }) => {
  it('attaches, and detaches when it is closed', async () => {
    {
      using attachment = attachCgroup(one, cgroup.path, { mechanism, mode })
      expect(attachment).toMatchObject({ cgroup: cgroup.path, hook: 'connect4', mechanism, mode, reason: undefined })
      expect(attachment.link?.type).toBe(mechanism === 'link' ? 'cgroup' : undefined)
      expect(attachment.programId).toBe(one.id)
      expect(await whoRan()).toBe('1')
    }
    expect(await whoRan()).toBe('0')
    expect(queryCgroup(cgroup.path, { hook: 'connect4' })).toMatchObject({ mode: undefined, programs: [] })
  })

  it('exchanges the program', async () => {
    using attachment = attachCgroup(one, cgroup.path, { mechanism, mode })
    attachment.update(two)
    expect(await whoRan()).toBe('2')
    attachment.update(two)
    attachment.update(three, { expectedOld: two })
    expect(await whoRan()).toBe('3')
    expect(attachment.programId).toBe(three.id)
    expect(attachment.query()?.program).toEqual({ id: three.id, name: 'three', tag: three.info().tag })
  })

  it('tells who is there', () => {
    using attachment = attachCgroup(one, cgroup.path, { mechanism, mode })
    expect(queryCgroup(cgroup.path, { hook: 'connect4' })).toEqual({
      revision: expect.any(BigInt),
      mode,
      programs: [
        {
          program: { id: one.id, name: 'one', tag: one.info().tag },
          cgroup: cgroup.path,
          linkId: attachment.link?.id,
          pids: [process.pid],
        },
      ],
    })
    expect(queryCgroup(cgroup.path, { hook: 'connect4', pids: false }).programs[0]?.pids).toBeUndefined()
    expect(attachment.query()).toMatchObject({ program: { id: one.id }, linkId: attachment.link?.id })
  })
})
