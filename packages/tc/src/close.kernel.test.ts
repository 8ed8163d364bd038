import { join } from 'node:path'
import { ClosedError, InterfaceGoneError, Link } from '@millrace/core'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { mountBpffs } from '../../core/test/support/bpffs.js'
import { makeNetwork } from '../test/network.js'
import { loadWitnesses } from '../test/witnesses.js'
import { adoptTc, attachTc, queryTc } from './index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, c } = witnesses.programs
const { netns } = network.hosts.far
const listed = () => queryTc('eth0', { netns, direction: 'ingress', pids: false }).programs

afterAll(async () => {
  witnesses.close()
  await network.close()
})

describe.each(['tcx', 'clsact'] as const)('held by %s', (mechanism) => {
  const options = { netns, direction: 'ingress', mechanism } as const

  it('is closed twice without harm, and not usable after that', () => {
    const attachment = attachTc(a, 'eth0', options)
    attachment.close()
    attachment.close()
    attachment.leave()
    expect(attachment.closed).toBe(true)
    expect(listed()).toEqual([])
    expect(() => attachment.update(b)).toThrow(ClosedError)
    expect(() => attachment.query()).toThrow(ClosedError)
    expect(() => attachment.detach()).toThrow(/tc ingress on eth0 in .* was used after it was closed/)
  })

  it('is detached when the scope of using is left', () => {
    {
      using attachment = attachTc(a, 'eth0', options)
      expect(attachment.query()?.program?.id).toBe(a.id)
    }
    expect(listed()).toEqual([])
  })

  it.each(['ingress', 'egress'] as const)(
    'says that the interface is gone, on %s, and closes in peace',
    async (direction) => {
      await using other = await makeNetwork()
      const { far } = other.hosts
      using attachment = attachTc(a, 'eth0', { ...options, netns: far.netns, direction })
      const detached = attachTc(c, 'eth0', { ...options, netns: far.netns, direction })
      expect((await far.run('ip', ['link', 'delete', 'eth0'])).code).toBe(0)
      expect(() => attachment.update(b)).toThrow(InterfaceGoneError)
      expect(() => attachment.query()).toThrow(InterfaceGoneError)
      detached.detach()
      expect(() => queryTc('eth0', { netns: far.netns, direction })).toThrow(
        /^iface is 'eth0', expected an interface that/,
      )
    },
  )

  it('says so as well when the whole namespace is gone', async () => {
    const other = await makeNetwork()
    using attachment = attachTc(a, 'eth0', { ...options, netns: other.hosts.far.netns })
    await other.close()
    expect(() => attachment.query()).toThrow(InterfaceGoneError)
    // The kernel takes a namespace down in its own time.
    await vi.waitFor(() => expect(() => attachment.update(b)).toThrow(InterfaceGoneError), 10_000)
  })

  it('says so when it was adopted, too, and attaches again where the interface is back', async () => {
    using bpffs = mountBpffs()
    await using other = await makeNetwork()
    const { far, near } = other.hosts
    const adoption = { ...options, netns: far.netns, pinRoot: bpffs.path, name: 'guard' }
    const attachment = adoptTc(a, 'eth0', adoption)
    await far.run('ip', ['link', 'delete', 'eth0'])
    expect(() => attachment.update(b)).toThrow(InterfaceGoneError)
    attachment.close()
    await far.run('ip', ['link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1'])
    const again = adoptTc(b, 'eth0', adoption)
    expect(again.adopted).toBe(false)
    again.detach()
    expect(near.name).toBe('near')
  })

  it('is left only where it needs no holder, or another has it', () => {
    attachTc(a, 'eth0', options).leave()
    expect(listed()).toHaveLength(mechanism === 'tcx' ? 0 : 1)
    for (const { program } of listed()) {
      attachTc(b, 'eth0', { ...options, order: { replace: { programId: program?.id ?? 0 } } }).detach()
    }
    expect(listed()).toEqual([])
  })

  it('is taken over by replace, and stays when the former holder lets go', () => {
    const first = attachTc(a, 'eth0', options)
    using second = attachTc(b, 'eth0', { ...options, order: { replace: first } })
    first.close()
    expect(second.query()?.program?.id).toBe(b.id)
    expect(listed()).toHaveLength(1)
  })
})

describe('held by a link', () => {
  const options = { netns, direction: 'ingress', mechanism: 'tcx' } as const

  it('stays attached while that is pinned, and can be opened again', () => {
    {
      using bpffs = mountBpffs()
      const pin = join(bpffs.path, 'link')
      const attachment = attachTc(a, 'eth0', options)
      attachment.link?.pin(pin)
      attachment.close()
      expect(listed()[0]?.program?.id).toBe(a.id)
      using link = Link.open(pin)
      link.update(b, { expectedOld: a })
      using anchored = attachTc(c, 'eth0', { ...options, order: { before: link } })
      expect(listed().map(({ program }) => program?.name)).toEqual(['c', 'b'])
      anchored.close()
      link.unpin()
    }
    expect(listed()).toEqual([])
  })

  it('is detached for all who hold it', () => {
    using attachment = attachTc(a, 'eth0', options)
    using other = attachTc(b, 'eth0', { ...options, order: { replace: attachment } })
    other.detach()
    expect(listed()).toEqual([])
    expect(attachment.query()).toBeUndefined()
    expect(() => attachment.update(c)).toThrow(/somebody has detached the link/)
  })

  it('says so when the link was closed behind its back', () => {
    const attachment = attachTc(a, 'eth0', options)
    attachment.link?.close()
    expect(() => attachment.update(b)).toThrow(ClosedError)
    attachment.close()
  })
})
