import { join } from 'node:path'
import {
  AnchorGoneError,
  ArgumentError,
  AttachBusyError,
  InterfaceGoneError,
  Link,
  type Program,
  RevisionMismatchError,
  UnexpectedProgramError,
} from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mountBpffs } from '../../core/test/support/bpffs.js'
import { hasNetkit, makeNetkitNetwork } from '../test/netkit.js'
import { stream } from '../test/traffic.js'
import { loadWitnesses } from '../test/witnesses.js'
import { type AttachNetkitOptions, attachNetkit, queryNetkit, TcAction, type TcAttachment } from './index.js'

type Network = Awaited<ReturnType<typeof makeNetkitNetwork>>

const witnesses = await loadWitnesses()
const { a, b, c, d, decide, dropFirst, dropSecond, stop } = witnesses.programs

let attached: TcAttachment[] = []

afterEach(() => {
  for (const attachment of attached) attachment.close()
  attached = []
})

afterAll(() => witnesses.close())

const endpoints = ['primary', 'peer'] as const
const kinds = endpoints.flatMap((endpoint) => (['l3', 'l2'] as const).map((mode) => ({ endpoint, mode })))

describe.runIf(hasNetkit).each(kinds)('netkit in mode $mode, $endpoint', ({ endpoint, mode }) => {
  let network: Network

  beforeAll(async () => {
    network = await makeNetkitNetwork(endpoint, { mode, policy: 'pass' })
  })
  afterAll(() => network.close())

  function attach(program: Program<'sched_cls'>, options: Partial<AttachNetkitOptions> = {}): TcAttachment {
    const attachment = attachNetkit(program, 'eth0', { endpoint, netns: network.primary.netns, ...options })
    attached.push(attachment)
    return attachment
  }

  const query = () => queryNetkit('eth0', { endpoint, netns: network.primary.netns, pids: false })
  const names = () => query().programs.map(({ program }) => program?.name)

  /** What the next packet meets, and what the query says that it should. */
  async function trail(): Promise<string> {
    await network.deliver()
    const met = witnesses.takeTrail()
    expect(names().join('')).toBe(met)
    return met
  }

  /** Packets that come through of three, and one that surely does and is last. */
  async function arriving(letThrough: () => void): Promise<number> {
    const before = network.delivered()
    await network.send(3)
    letThrough()
    await network.deliver()
    return network.delivered() - before - 1
  }

  it('runs programs in each order that attachTc takes', async () => {
    const first = attach(a)
    expect(first).toMatchObject({ mechanism: 'netkit', interface: 'eth0', reason: undefined, name: 'a' })
    expect(await trail()).toBe('a')
    attach(b, { order: 'last' })
    expect(await trail()).toBe('ab')
    attach(c, { order: 'first' })
    expect(await trail()).toBe('cab')
    attach(d, { order: { before: first } })
    expect(await trail()).toBe('cdab')
    first.close()
    expect(await trail()).toBe('cdb')
    attach(a, { order: { after: { name: 'c' } } })
    expect(await trail()).toBe('cadb')
  })

  it('replaces in place, and holds it when the former holder lets go', async () => {
    attach(a)
    const old = attach(b)
    attach(c)
    const taken = attach(d, { order: { replace: old } })
    old.close()
    expect(await trail()).toBe('adc')
    expect(taken.query()?.program?.id).toBe(d.id)
  })

  it('drops, lets pass, and is gone when it is closed', async () => {
    witnesses.clear()
    const attachment = attach(dropFirst)
    expect(await arriving(() => attachment.update(stop, { expectedOld: dropFirst }))).toBe(0)
    expect(witnesses.counts()).toEqual({ first: 3, second: 0, stop: 1 })
    expect(attachment.query()?.program?.id).toBe(stop.id)
    attach(a)
    await network.deliver()
    // The verdict has ended the walk.
    expect(witnesses.takeTrail()).toBe('')
    attachment.close()
    expect(await trail()).toBe('a')
  })

  it('sees what its end sends and nothing of the other', async () => {
    witnesses.clear()
    const other = endpoint === 'primary' ? 'peer' : 'primary'
    attach(dropFirst, { endpoint: other })
    await network.deliver(3)
    expect(witnesses.counts().first).toBe(0)
    expect(names()).toEqual([])
  })

  it('exchanges programs so that each packet meets one of them', async () => {
    witnesses.clear()
    const before = network.delivered()
    const attachment = attach(dropFirst)
    let running = true
    const traffic = stream(network.near, 2000).finally(() => {
      running = false
    })
    let updates = 0
    while (running) {
      attachment.update(updates++ % 2 === 0 ? dropSecond : dropFirst)
      await new Promise(setImmediate)
    }
    const sent = await traffic
    const { first, second } = witnesses.counts()
    expect(updates).toBeGreaterThan(20)
    expect(first).toBeGreaterThan(0)
    expect(second).toBeGreaterThan(0)
    expect(first + second).toBe(sent)
    attachment.update(stop)
    await network.deliver()
    expect(network.delivered() - before).toBe(1)
  })

  it('stays while its link is pinned, and is taken over by that', async () => {
    using bpffs = mountBpffs()
    const pin = join(bpffs.path, 'link')
    const pinned = attach(a)
    pinned.link?.pin(pin)
    pinned.close()
    expect(await trail()).toBe('a')
    using link = Link.open(pin)
    const adopted = attach(b, { order: { replace: { linkId: link.id } } })
    expect(await trail()).toBe('b')
    adopted.detach()
    link.unpin()
    expect(names()).toEqual([])
  })

  it('takes the place of a program without a link', async () => {
    const target = { ifindex: attach(a).ifindex, netns: network.primary.netns }
    const attachType = endpoint === 'primary' ? 54 : 55
    const order = { flags: 0, relativeId: 0, expectedRevision: 0n }
    expect(nativeBinding().programAttach(b.handle, target, attachType, order, 0)).toBeNull()
    const taken = attach(c, { order: { replace: { programId: b.id } } })
    expect(await trail()).toBe('ac')
    taken.detach()
    expect(await trail()).toBe('a')
  })

  it('refuses what would lose a change of somebody else', () => {
    const first = attach(d)
    const { revision } = query()
    first.update(a)
    attach(c, { expectedRevision: query().revision })
    expect(() => attach(b, { expectedRevision: revision })).toThrow(RevisionMismatchError)
    expect(() => first.update(d, { expectedOld: b })).toThrow(UnexpectedProgramError)
    expect(() => attach(a)).toThrow(AttachBusyError)
    expect(() => attach(b, { order: { before: { name: 'nobody' } } })).toThrow(AnchorGoneError)
    expect(names()).toEqual(['a', 'c'])
  })

  it('goes on counting revisions while it is empty, and the kernel tells 1 then', () => {
    attach(a).close()
    const { revision } = query()
    expect(revision).toBe(1n)
    expect(() => attach(a, { expectedRevision: revision })).toThrow(RevisionMismatchError)
    expect(names()).toEqual([])
  })

  it('takes no end to which the hooks do not belong, and says so', () => {
    const { netns } = network.peer
    const expected = /^iface is 'eth0', expected the primary device of a netkit pair/
    for (const order of ['last', { before: { name: 'a' } }] as const) {
      const wrong = () => attach(a, { netns, order })
      expect(wrong).toThrow(ArgumentError)
      expect(wrong).toThrow(expected)
    }
    expect(() => queryNetkit('eth0', { endpoint, netns })).toThrow(expected)
  })

  it('takes no device of another kind, and says so', () => {
    const { netns } = network.primary
    const wrong = () => attachNetkit(a, 'lo', { endpoint, netns })
    expect(wrong).toThrow(ArgumentError)
    expect(wrong).toThrow("iface is 'lo', expected a netkit device")
    expect(() => queryNetkit('lo', { endpoint, netns })).toThrow("iface is 'lo', expected a netkit device")
  })

  it.each(['primary', 'peer'] as const)('says that the pair is gone when its %s is deleted', async (end) => {
    await using other = await makeNetkitNetwork(endpoint, { mode, policy: 'pass' })
    const options = { endpoint, netns: other.primary.netns }
    const attachment = attach(a, options)
    const detached = attach(c, options)
    expect((await other[end].run('ip', ['link', 'delete', 'eth0'])).code).toBe(0)
    expect(() => attachment.update(b)).toThrow(InterfaceGoneError)
    expect(() => attachment.query()).toThrow(InterfaceGoneError)
    detached.detach()
    attachment.close()
    expect(() => attach(a, options)).toThrow(/^iface is 'eth0', expected an interface that/)
  })
})

/** What becomes of a packet: which program that stands behind sees it, and whether it goes on. */
const outcomes = {
  Unspec: 'a on',
  Ok: ' on',
  ...{ Reclassify: '', Shot: '', Pipe: '', Stolen: '', Queued: '', Repeat: '', Redirect: '', Trap: '' },
}

describe.runIf(hasNetkit).each(endpoints)('netkit that drops without programs, %s', (endpoint) => {
  let network: Network

  beforeAll(async () => {
    network = await makeNetkitNetwork(endpoint, { mode: 'l3', policy: 'drop' })
  })
  afterAll(() => network.close())

  it.each(Object.entries(outcomes))('%s comes to "%s"', async (name, outcome) => {
    const options = { endpoint, netns: network.primary.netns }
    witnesses.decide(TcAction[name as keyof typeof TcAction])
    const before = network.delivered()
    const attachment = attachNetkit(decide, 'eth0', options)
    attached.push(attachment)
    attached.push(attachNetkit(a, 'eth0', options))
    await network.send()
    const met = witnesses.takeTrail()
    // Packets do not overtake each other: when this one is there, the other is, or never will be.
    attachment.update(stop)
    await network.deliver()
    const passed = network.delivered() - before === 2
    expect(`${met}${passed ? ' on' : ''}`).toBe(outcome)
  })

  it('drops what no program sees', async () => {
    const before = network.delivered()
    await network.send(3)
    const attachment = attachNetkit(a, 'eth0', { endpoint, netns: network.primary.netns })
    attached.push(attachment)
    await network.deliver()
    expect(network.delivered() - before).toBe(1)
    attachment.close()
    await network.send(3)
    attached.push(attachNetkit(a, 'eth0', { endpoint, netns: network.primary.netns }))
    await network.deliver()
    expect(network.delivered() - before).toBe(2)
  })
})
