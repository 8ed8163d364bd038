import { AttachBusyError, load, UnexpectedProgramError } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { verdicts } from '../test/generated/verdicts.bpf.js'
import { makeNetwork } from '../test/network.js'
import { attachXdp, queryXdp } from './index.js'

const network = await makeNetwork()
const object = await load(verdicts)
const { dropFirst, dropSecond, pass } = object.programs
const { netns } = network.hosts.far

afterAll(async () => {
  object.close()
  await network.close()
})

describe.each(['native', 'generic'] as const)('%s', (mode) => {
  describe.each(['link', 'netlink'] as const)('held by %s', (mechanism) => {
    it('is taken over by replace, and kept when the former holder lets go', () => {
      using former = attachXdp(dropFirst, 'eth0', { netns, mode, mechanism })
      using attachment = attachXdp(dropSecond, 'eth0', { netns, replace: true })
      expect(attachment).toMatchObject({ mode, mechanism })
      expect(attachment.query()?.program.id).toBe(dropSecond.id)
      former.close()
      expect(attachment.query()?.program.id).toBe(dropSecond.id)
      attachment.close()
      expect(queryXdp('eth0', { netns })).toEqual([])
    })

    it('is taken over from the expected program only', () => {
      using former = attachXdp(dropFirst, 'eth0', { netns, mode, mechanism })
      const attach = () => attachXdp(dropSecond, 'eth0', { netns, expectedOld: pass })
      expect(attach).toThrow(UnexpectedProgramError)
      expect(attach).toThrow(
        `XDP on eth0 in ${netns} has program drop_first (id ${dropFirst.id}), expected program pass (id ${pass.id})`,
      )
      expect(former.query()?.program.id).toBe(dropFirst.id)
      using attachment = attachXdp(dropSecond, 'eth0', { netns, expectedOld: dropFirst })
      expect(attachment.query()?.program.id).toBe(dropSecond.id)
    })

    it('is not taken over in another mode or by another mechanism', () => {
      using holder = attachXdp(dropFirst, 'eth0', { netns, mode, mechanism })
      const otherMode = mode === 'native' ? 'generic' : 'native'
      const otherMechanism = mechanism === 'link' ? 'netlink' : 'link'
      expect(() => attachXdp(pass, 'eth0', { netns, replace: true, mode: otherMode })).toThrow(AttachBusyError)
      expect(() => attachXdp(pass, 'eth0', { netns, replace: true, mechanism: otherMechanism })).toThrow(
        `it was attached by ${mechanism} and can only be replaced by ${mechanism}`,
      )
      expect(holder.query()?.program.id).toBe(dropFirst.id)
    })
  })
})

describe('with the same program on the same index in another namespace', () => {
  it.each(['link', 'netlink'] as const)('does not touch that one, be the program held by %s', (mechanism) => {
    using elsewhere = attachXdp(dropFirst, 'lo', { netns: network.hosts.near.netns })
    using former = attachXdp(dropFirst, 'lo', { netns, mechanism })
    const attach = () => attachXdp(dropSecond, 'lo', { netns, replace: true })
    if (mechanism === 'link') {
      expect(attach).toThrow(AttachBusyError)
      expect(attach).toThrow(/which link it is among links \d+, \d+, .* cannot be told: update that link itself/)
      expect(former.query()).toMatchObject({ program: { id: dropFirst.id }, linkId: undefined })
    } else {
      using attachment = attach()
      expect(attachment.mechanism).toBe('netlink')
      expect(former.query()?.program.id).toBe(dropSecond.id)
    }
    expect(elsewhere.query()?.program.id).toBe(dropFirst.id)
  })
})

it('says why it is held by netlink', () => {
  using _former = attachXdp(dropFirst, 'eth0', { netns, mechanism: 'netlink' })
  using attachment = attachXdp(dropSecond, 'eth0', { netns, replace: true })
  expect(attachment.reason).toBe('link: a program attached by netlink can only be replaced by netlink')
})

it('attaches where nothing is to be replaced', () => {
  using attachment = attachXdp(pass, 'eth0', { netns, replace: true })
  expect(attachment).toMatchObject({ mode: 'native', mechanism: 'link' })
})

it('expects a program in vain where there is none', () => {
  const attach = () => attachXdp(pass, 'eth0', { netns, expectedOld: dropFirst })
  expect(attach).toThrow(/has no program, expected program drop_first/)
  expect(queryXdp('eth0', { netns })).toEqual([])
})
