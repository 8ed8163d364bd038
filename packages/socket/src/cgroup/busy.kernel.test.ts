import { AttachBusyError, load, UnexpectedProgramError } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCgroup, type TestCgroup } from '../../test/cgroup.js'
import { turns } from '../../test/generated/turns.bpf.js'
import { attachCgroup, queryCgroup } from './index.js'

const object = await load(turns)
const { one, two, three } = object.programs
let cgroup: TestCgroup
let below: TestCgroup

beforeAll(async () => {
  cgroup = await makeCgroup()
  below = await makeCgroup(cgroup.path)
})
afterAll(async () => {
  await cgroup.remove()
  object.close()
})

const standing = (path = cgroup.path) => queryCgroup(path, { hook: 'connect4' }).programs.map((it) => it.program.name)

function thrownBy(call: () => unknown): AttachBusyError {
  try {
    call()
  } catch (error) {
    if (error instanceof AttachBusyError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe.each(['override', 'exclusive'] as const)('beside a program with mode %s', (mode) => {
  it.each(['multi', 'override', 'exclusive'] as const)('none with mode %s is attached', (other) => {
    using _ = attachCgroup(one, cgroup.path, { mode })
    const error = thrownBy(() => attachCgroup(two, cgroup.path, { mode: other }))
    expect(error.target).toBe(`connect4 of ${cgroup.path}`)
    expect(error.holder.program).toMatchObject({ id: one.id, name: 'one' })
    expect(error.message).toMatch(other === 'multi' ? `it was attached with mode ${mode}` : 'a program stands alone')
    expect(standing()).toEqual(['one'])
  })

  it('none of the same mode is attached at the same moment', () => {
    using _ = attachCgroup(one, cgroup.path, { mode })
    const { revision } = queryCgroup(cgroup.path, { hook: 'connect4' })
    expect(() => attachCgroup(two, cgroup.path, { mode, expectedRevision: revision })).toThrow(AttachBusyError)
  })

  it('one takes its place when asked to', () => {
    using first = attachCgroup(one, cgroup.path, { mode })
    using second = attachCgroup(two, cgroup.path, { mode, order: { replace: first } })
    expect(standing()).toEqual(['two'])
    expect(() => first.update(three)).toThrow(UnexpectedProgramError)
    expect(() => first.update(three)).toThrow(/has program two \(id \d+\), expected program one \(id \d+\)/)
    expect(() => first.detach()).toThrow(UnexpectedProgramError)
    expect(standing()).toEqual(['two'])
    second.detach()
    expect(standing()).toEqual([])
  })

  it('one takes its place only with the same mode', () => {
    using first = attachCgroup(one, cgroup.path, { mode })
    const error = thrownBy(() => attachCgroup(two, cgroup.path, { mode: 'multi', order: { replace: first } }))
    expect(error.message).toMatch(`it was attached with mode ${mode} and can only be replaced with that`)
  })
})

describe('beside a program with mode multi', () => {
  it.each(['override', 'exclusive'] as const)('none with mode %s is attached', (mode) => {
    using first = attachCgroup(one, cgroup.path)
    const error = thrownBy(() => attachCgroup(two, cgroup.path, { mode }))
    expect(error.holder).toMatchObject({ program: { id: one.id }, linkId: first.link?.id })
    expect(standing()).toEqual(['one'])
  })

  it('one takes its place by the same mechanism only', () => {
    using first = attachCgroup(one, cgroup.path)
    const direct = thrownBy(() => attachCgroup(two, cgroup.path, { mechanism: 'direct', order: { replace: first } }))
    expect(direct.message).toMatch('its mechanism is link, and it can only be replaced by that')
    using second = attachCgroup(two, cgroup.path, { mechanism: 'direct' })
    const link = thrownBy(() => attachCgroup(three, cgroup.path, { mechanism: 'link', order: { replace: second } }))
    expect(link.message).toMatch('its mechanism is direct')
    expect(standing()).toEqual(['one', 'two'])
  })
})

describe('below a program', () => {
  it('with mode exclusive none is attached, and the error names that group', () => {
    using _ = attachCgroup(one, cgroup.path, { mode: 'exclusive' })
    for (const mode of ['multi', 'override', 'exclusive'] as const) {
      const error = thrownBy(() => attachCgroup(two, below.path, { mode }))
      expect(error.target).toBe(`connect4 of ${cgroup.path}`)
      expect(error.holder.program).toMatchObject({ id: one.id })
      expect(error.message).toMatch('allows no programs in the groups below')
    }
  })

  it('with another mode they are', () => {
    for (const mode of ['multi', 'override'] as const) {
      using _ = attachCgroup(one, cgroup.path, { mode })
      for (const mode of ['multi', 'override', 'exclusive'] as const) {
        using attachment = attachCgroup(two, below.path, { mode })
        expect(attachment.mode).toBe(mode)
      }
    }
  })
})

describe('what somebody else changed', () => {
  it('is left alone by an attachment without a link', () => {
    using first = attachCgroup(one, cgroup.path, { mechanism: 'direct' })
    using second = attachCgroup(two, cgroup.path, { order: { replace: first } })
    expect(first.programId).toBe(0)
    expect(first.query()).toBeUndefined()
    expect(() => first.update(three)).toThrow(/has no program, expected program one/)
    first.detach()
    expect(standing()).toEqual(['two'])
    second.detach()
    expect(standing()).toEqual([])
  })

  it('is seen by the attachment whose link was taken over', () => {
    using first = attachCgroup(one, cgroup.path)
    using second = attachCgroup(two, cgroup.path, { order: { replace: first } })
    expect(second.link?.id).toBe(first.link?.id)
    expect(first.programId).toBe(two.id)
    const update = () => first.update(three, { expectedOld: one })
    expect(update).toThrow(UnexpectedProgramError)
    expect(update).toThrow(/has program two .* expected program one .* nothing was changed/)
    second.detach()
    expect(first.programId).toBe(0)
    expect(first.query()).toBeUndefined()
    expect(() => first.update(three)).toThrow(/ENOLINK.*somebody has detached the link/)
  })

  it('is not undone by closing what holds nothing any more', () => {
    const first = attachCgroup(one, cgroup.path, { mode: 'exclusive' })
    using _ = attachCgroup(two, cgroup.path, { order: { replace: first } })
    first.close()
    first.close()
    expect(standing()).toEqual(['two'])
  })
})

it('takes 64 programs and says so', () => {
  const attachments: Disposable[] = []
  try {
    const fill = () => {
      for (;;) attachments.push(attachCgroup(one, below.path))
    }
    const error = thrownBy(fill)
    expect(attachments).toHaveLength(64)
    expect(error.message).toMatch('64 programs stand there, and the kernel takes no more')
  } finally {
    for (const it of attachments) it[Symbol.dispose]()
  }
})
