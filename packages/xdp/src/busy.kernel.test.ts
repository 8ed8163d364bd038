import { AttachBusyError, load } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { verdicts } from '../test/generated/verdicts.bpf.js'
import { makeNetwork } from '../test/network.js'
import { attachXdp } from './index.js'

const network = await makeNetwork()
const object = await load(verdicts)
const { dropFirst, pass } = object.programs
const { netns } = network.hosts.far

afterAll(async () => {
  object.close()
  await network.close()
})

const modes = ['native', 'generic'] as const
const mechanisms = ['link', 'netlink'] as const
const kinds = modes.flatMap((mode) => mechanisms.map((mechanism) => ({ mode, mechanism })))

function busy(attach: () => unknown): AttachBusyError {
  try {
    attach()
  } catch (error) {
    if (error instanceof AttachBusyError) return error
    throw error
  }
  throw new Error('it was attached')
}

describe.each(kinds)('held $mode by $mechanism', (held) => {
  it.each([...kinds, { mode: 'auto', mechanism: 'auto' } as const])('refuses $mode by $mechanism', (wanted) => {
    using holder = attachXdp(dropFirst, 'eth0', { netns, ...held })
    const error = busy(() => attachXdp(pass, 'eth0', { netns, ...wanted }))
    expect(error.code).toBe('ERR_ATTACH_BUSY')
    expect(error.target).toBe(`XDP on eth0 in ${netns} (${held.mode})`)
    expect(error.holder).toEqual({ program: { id: dropFirst.id, name: 'drop_first' }, linkId: holder.link?.id })
    expect(error.message).toContain(`program drop_first (id ${dropFirst.id})`)
    expect(holder.query()?.program.id).toBe(dropFirst.id)
  })
})
