import { join } from 'node:path'
import { ClosedError, InterfaceGoneError, Link, load, UnexpectedProgramError } from '@millrace/core'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { mountBpffs } from '../../core/test/support/bpffs.js'
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

describe.each(['link', 'netlink'] as const)('held by %s', (mechanism) => {
  it('is closed twice without harm, and not usable after that', () => {
    const attachment = attachXdp(pass, 'eth0', { netns, mechanism })
    expect(attachment.closed).toBe(false)
    attachment.close()
    expect(attachment.closed).toBe(true)
    attachment.close()
    expect(queryXdp('eth0', { netns })).toEqual([])
    expect(() => attachment.update(dropFirst)).toThrow(ClosedError)
    expect(() => attachment.query()).toThrow(ClosedError)
    expect(() => attachment.detach()).toThrow(ClosedError)
  })

  it('is closed when it is detached', () => {
    const attachment = attachXdp(pass, 'eth0', { netns, mechanism })
    attachment.detach()
    expect(attachment.closed).toBe(true)
  })

  it('is detached when the scope of using is left', () => {
    {
      using attachment = attachXdp(pass, 'eth0', { netns, mechanism })
      expect(attachment.query()?.program.id).toBe(pass.id)
    }
    expect(queryXdp('eth0', { netns })).toEqual([])
  })

  it('says that the interface is gone, and closes in peace', async () => {
    await using other = await makeNetwork()
    const { far } = other.hosts
    using attachment = attachXdp(pass, 'eth0', { netns: far.netns, mechanism })
    expect((await far.run('ip', ['link', 'delete', 'eth0'])).code).toBe(0)
    expect(() => attachment.update(dropFirst)).toThrow(InterfaceGoneError)
    expect(() => attachment.query()).toThrow(InterfaceGoneError)
    attachment.detach()
  })

  it('says so as well when the whole namespace is gone', async () => {
    const other = await makeNetwork()
    using attachment = attachXdp(pass, 'eth0', { netns: other.hosts.far.netns, mechanism })
    await other.close()
    expect(() => attachment.query()).toThrow(InterfaceGoneError)
    // The kernel takes a namespace down in its own time.
    await vi.waitFor(() => expect(() => attachment.update(dropFirst)).toThrow(InterfaceGoneError), 5_000)
  })
})

it('leaves a program alone that somebody else has put there by netlink', () => {
  const attachment = attachXdp(dropFirst, 'eth0', { netns, mechanism: 'netlink' })
  using other = attachXdp(dropSecond, 'eth0', { netns, replace: true })
  expect(() => attachment.update(pass)).toThrow(UnexpectedProgramError)
  expect(() => attachment.detach()).toThrow(UnexpectedProgramError)
  attachment.close()
  expect(other.query()?.program.id).toBe(dropSecond.id)
})

it('stays attached by a pinned link, which can be opened again', () => {
  {
    using bpffs = mountBpffs()
    const pin = join(bpffs.path, 'link')
    const attachment = attachXdp(dropFirst, 'eth0', { netns })
    attachment.link?.pin(pin)
    attachment.close()
    expect(queryXdp('eth0', { netns })[0]?.program.id).toBe(dropFirst.id)
    using link = Link.open(pin)
    link.update(dropSecond, { expectedOld: dropFirst })
    expect(queryXdp('eth0', { netns })[0]?.program.id).toBe(dropSecond.id)
    link.unpin()
  }
  expect(queryXdp('eth0', { netns })).toEqual([])
})

it('is left on the interface by netlink, for somebody else to take over', () => {
  const attachment = attachXdp(dropFirst, 'eth0', { netns, mechanism: 'netlink' })
  attachment.leave()
  attachment.leave()
  expect(() => attachment.query()).toThrow(ClosedError)
  using other = attachXdp(dropSecond, 'eth0', { netns, expectedOld: dropFirst })
  expect(other.query()?.program.id).toBe(dropSecond.id)
})

it('is left by a link only where that is held elsewhere', () => {
  attachXdp(dropFirst, 'eth0', { netns }).leave()
  expect(queryXdp('eth0', { netns })).toEqual([])
})

it('is detached for all who hold the link', () => {
  using attachment = attachXdp(dropFirst, 'eth0', { netns })
  using other = attachXdp(dropSecond, 'eth0', { netns, replace: true })
  other.detach()
  expect(queryXdp('eth0', { netns })).toEqual([])
  expect(() => attachment.update(pass)).toThrow(/somebody has detached the link/)
})

it('says so when the link was closed behind its back', () => {
  const attachment = attachXdp(dropFirst, 'eth0', { netns })
  attachment.link?.close()
  expect(() => attachment.update(pass)).toThrow(ClosedError)
  attachment.close()
})
