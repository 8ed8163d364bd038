import { load } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { verdicts } from '../test/generated/verdicts.bpf.js'
import { makeNetwork } from '../test/network.js'
import { attachXdp, queryXdp, XdpRefusedError } from './index.js'

const network = await makeNetwork()
const object = await load(verdicts)
const { pass } = object.programs
const { netns } = network.hosts.far

afterAll(async () => {
  object.close()
  await network.close()
})

describe.each(['native', 'generic'] as const)('%s', (mode) => {
  it.each(['link', 'netlink'] as const)('is attached by %s, found, and detached', (mechanism) => {
    using attachment = attachXdp(pass, 'eth0', { netns, mode, mechanism })
    expect(attachment).toMatchObject({ interface: 'eth0', mode, mechanism, reason: undefined })
    expect(attachment.link?.info().type).toBe(mechanism === 'link' ? 'xdp' : undefined)

    const expected = {
      mode,
      program: { id: pass.id, name: 'pass', tag: pass.info().tag },
      linkId: attachment.link?.id,
      pids: [process.pid],
    }
    expect(queryXdp('eth0', { netns })).toEqual([expected])
    expect(attachment.query()).toEqual(expected)

    attachment.detach()
    expect(queryXdp('eth0', { netns })).toEqual([])
  })
})

describe('auto', () => {
  it('is native, by a link', () => {
    using attachment = attachXdp(pass, 'eth0', { netns })
    expect(attachment).toMatchObject({ mode: 'native', mechanism: 'link', reason: undefined })
  })

  it('is generic where the driver cannot, and says why', () => {
    using attachment = attachXdp(pass, 'lo', { netns })
    expect(attachment).toMatchObject({ mode: 'generic', mechanism: 'link' })
    expect(attachment.reason).toBe(
      'native: the driver of lo has no XDP support (EOPNOTSUPP: Underlying driver does not support XDP in native mode)',
    )
  })
})

describe('refused', () => {
  const refusal = (attach: () => unknown) => {
    try {
      attach()
    } catch (error) {
      if (error instanceof XdpRefusedError) return error
      throw error
    }
    throw new Error('it was attached')
  }

  it('says which mode and why, in the words of the kernel too', () => {
    const error = refusal(() => attachXdp(pass, 'lo', { netns, mode: 'native' }))
    expect(error.code).toBe('ERR_XDP_REFUSED')
    expect(error.interface).toBe('lo')
    expect(error.refusals).toEqual([
      {
        mode: 'native',
        mechanism: 'netlink',
        errno: 95,
        reason:
          'native: the driver of lo has no XDP support (EOPNOTSUPP: Underlying driver does not support XDP in native mode)',
      },
    ])
    expect(error.message).toMatch(/^XDP on lo was refused; native: the driver of lo has no XDP support/)
  })

  it('says the errno where a link alone was asked for, which brings no words', () => {
    const error = refusal(() => attachXdp(pass, 'lo', { netns, mode: 'native', mechanism: 'link' }))
    expect(error.refusals[0]).toMatchObject({
      mechanism: 'link',
      reason: 'native: the driver of lo has no XDP support (EOPNOTSUPP)',
    })
  })

  it('by hardware that there is none of', () => {
    const error = refusal(() => attachXdp(pass, 'eth0', { netns, mode: 'offload' }))
    expect(error.refusals[0]?.reason).toMatch(/^offload: /)
  })
})
