import { AnchorGoneError, ArgumentError, type Program } from '@millrace/core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { makeNetwork } from '../test/network.js'
import { deliver } from '../test/traffic.js'
import { loadWitnesses } from '../test/witnesses.js'
import { type AttachTcOptions, attachTc, queryTc, type TcAttachment } from './index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
/** The same programs a second time. */
const twins = await loadWitnesses()
const { a, b, c, d, stop } = witnesses.programs
const { near, far } = network.hosts

let attached: TcAttachment[] = []

afterEach(() => {
  for (const attachment of attached) attachment.close()
  attached = []
})

afterAll(async () => {
  witnesses.close()
  twins.close()
  await network.close()
})

const kinds = (['tcx', 'clsact'] as const).flatMap((mechanism) =>
  (['ingress', 'egress'] as const).map((direction) => ({ mechanism, direction })),
)

describe.each(kinds)('$direction on $mechanism', ({ mechanism, direction }) => {
  const { netns } = direction === 'ingress' ? far : near

  function attach(program: Program<'sched_cls'>, options: Partial<AttachTcOptions> = {}): TcAttachment {
    const attachment = attachTc(program, 'eth0', { netns, direction, mechanism, ...options })
    attached.push(attachment)
    return attachment
  }

  /** What the next packet meets, and what the query says that it should. */
  async function trail(): Promise<string> {
    await deliver(near, far)
    const met = witnesses.takeTrail()
    const listed = queryTc('eth0', { netns, direction, pids: false }).programs.map(({ program }) => program?.name)
    expect(listed.filter((name) => name !== 'stop').join('')).toBe(met)
    return met
  }

  it('puts each after all others unless told otherwise', async () => {
    for (const program of [a, b, c, d]) attach(program)
    expect(await trail()).toBe('abcd')
  })

  it('puts first before all, and of two the later before the earlier', async () => {
    attach(a)
    attach(b, { order: 'first' })
    attach(c, { order: 'first' })
    expect(await trail()).toBe('cba')
  })

  it('puts last after all, and of two the later after the earlier', async () => {
    attach(a)
    attach(b, { order: 'last' })
    attach(c, { order: 'last' })
    expect(await trail()).toBe('abc')
  })

  it('puts before directly before, and of two the later nearer to the anchor', async () => {
    attach(a)
    const anchor = attach(b)
    attach(c, { order: { before: anchor } })
    expect(await trail()).toBe('acb')
    attach(d, { order: { before: anchor } })
    expect(await trail()).toBe('acdb')
  })

  it('puts after directly after, and of two the later nearer to the anchor', async () => {
    const anchor = attach(a)
    attach(b)
    attach(c, { order: { after: anchor } })
    expect(await trail()).toBe('acb')
    attach(d, { order: { after: anchor } })
    expect(await trail()).toBe('adcb')
  })

  it('replaces in place, whoever put it there', async () => {
    attach(a)
    const old = attach(b)
    attach(c)
    const taken = attach(d, { order: { replace: old } })
    expect(await trail()).toBe('adc')
    expect(taken.mechanism).toBe(mechanism)
    expect(taken.query()?.program?.id).toBe(d.id)
  })

  it('takes a program, its id and its name for an anchor', async () => {
    attach(a)
    attach(b, { order: { before: a } })
    attach(c, { order: { before: { programId: a.id } } })
    attach(d, { order: { after: { name: 'b' } } })
    expect(await trail()).toBe('bdca')
  })

  it('keeps the order when one in the middle goes', async () => {
    attach(a)
    const middle = attach(b)
    attach(c)
    middle.close()
    expect(await trail()).toBe('ac')
  })

  it('ends with the one that decides', async () => {
    attach(a)
    attach(stop)
    attach(b)
    witnesses.clear()
    await deliver(near, far)
    expect(witnesses.takeTrail()).toBe('a')
    expect(witnesses.counts().stop).toBe(1)
  })

  it.each([
    ['an attachment that was detached', () => ({ before: detached() }), /attachment c was used after it was closed/],
    ['a program that does not stand there', () => ({ after: d }), /program d \(id \d+\) does not stand on tc/],
    ['an id of no program', () => ({ before: { programId: 0x7fff_ffff } }), /program 2147483647 does not stand/],
    ['an id of no link', () => ({ replace: { linkId: 0x7fff_ffff } }), /link 2147483647 does not stand/],
    ['a name that nobody has', () => ({ before: { name: 'nobody' } }), /name nobody does not stand/],
  ])('refuses %s for an anchor, and changes nothing', (_, makeOrder, message) => {
    attach(a)
    const order = makeOrder()
    const before = queryTc('eth0', { netns, direction, mechanism, pids: false })
    expect(() => attach(b, { order })).toThrow(message)
    expect(queryTc('eth0', { netns, direction, mechanism, pids: false })).toEqual(before)
  })

  it('tells an anchor that is gone by a type of its own', () => {
    expect(() => attach(a, { order: { before: { name: 'nobody' } } })).toThrow(AnchorGoneError)
  })

  it('refuses an attachment to another hook for an anchor', () => {
    const other = attachTc(c, 'lo', { netns, direction, mechanism })
    attached.push(other)
    expect(() => attach(b, { order: { before: other } })).toThrow(/attachment c \((tcx|clsact) on lo\) does not stand/)
  })

  it('takes no anchor that could be two', () => {
    attach(a)
    attach(twins.programs.a)
    expect(() => attach(b, { order: { before: { name: 'a' } } })).toThrow(ArgumentError)
    expect(() => attach(b, { order: { before: { name: 'a' } } })).toThrow(/options\.order\.before is 'name a'.* once/)
  })

  function detached(): TcAttachment {
    const attachment = attachTc(c, 'eth0', { netns, direction, mechanism })
    attachment.detach()
    return attachment
  }
})
