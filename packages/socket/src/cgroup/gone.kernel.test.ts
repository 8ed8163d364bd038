import { mkdirSync } from 'node:fs'
import { load, Program } from '@millrace/core'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeCgroup, type TestCgroup } from '../../test/cgroup.js'
import { turns } from '../../test/generated/turns.bpf.js'
import { CgroupGoneError } from '../errors/index.js'
import { attachCgroup, type CgroupAttachment } from './index.js'

const object = await load(turns)
const { one, two } = object.programs
let cgroup: TestCgroup

beforeEach(async () => {
  cgroup = await makeCgroup()
})
afterEach(() => cgroup.remove())
afterAll(() => object.close())

const ways = [
  { mechanism: 'link', mode: 'multi' },
  { mechanism: 'direct', mode: 'multi' },
  { mechanism: 'direct', mode: 'exclusive' },
] as const

/** Each use of an attachment, and what it says of a group that is not there. */
function expectGone(attachment: CgroupAttachment<'connect4'>): void {
  for (const use of [() => attachment.update(two), () => attachment.query(), () => attachment.programId]) {
    expect(use).toThrow(CgroupGoneError)
    expect(use).toThrow(`the control group ${cgroup.path} does not exist any more`)
  }
}

describe.each(ways)('$mechanism, $mode: when the group is removed', ({ mechanism, mode }) => {
  it('an attachment says so, and can be detached', async () => {
    using attachment = attachCgroup(one, cgroup.path, { mechanism, mode })
    await cgroup.remove()
    expectGone(attachment)
    attachment.detach()
  })

  it('an attachment can be closed', async () => {
    const attachment = attachCgroup(one, cgroup.path, { mechanism, mode })
    await cgroup.remove()
    attachment.close()
    expect(attachment.closed).toBe(true)
  })

  it('another of the same name is not taken for it', async () => {
    using attachment = attachCgroup(one, cgroup.path, { mechanism, mode })
    await cgroup.remove()
    mkdirSync(cgroup.path)
    using second = attachCgroup(two, cgroup.path)
    expectGone(attachment)
    attachment.close()
    expect(second.programId).toBe(two.id)
  })
})

it('nothing keeps a program that went with its group', async () => {
  const other = await load(turns)
  const { id } = other.programs.one
  const attachment = attachCgroup(other.programs.one, cgroup.path, { mechanism: 'direct' })
  other.close()
  await cgroup.remove()
  attachment.close()
  // The kernel takes its time.
  await vi.waitFor(() => expect(() => Program.openById(id).close()).toThrow(/ENOENT/), { timeout: 20_000 })
})
