import { AttachBusyError, RevisionMismatchError, UnexpectedProgramError } from '@millrace/core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { addForeignProgram, tc } from '../test/foreign.js'
import { makeNetwork } from '../test/network.js'
import { deliver, flood, received } from '../test/traffic.js'
import { loadWitnesses } from '../test/witnesses.js'
import { type AttachTcOptions, attachTc, queryTc, type TcAttachment } from './index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, c, dropFirst, dropSecond } = witnesses.programs
const { near, far } = network.hosts
const { netns } = far
const ingress = { netns, direction: 'ingress' } as const

let attached: TcAttachment[] = []

function attach(program: typeof a, options: Partial<AttachTcOptions> = {}): TcAttachment {
  const attachment = attachTc(program, 'eth0', { ...ingress, ...options })
  attached.push(attachment)
  return attachment
}

afterEach(() => {
  for (const attachment of attached) attachment.close()
  attached = []
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

describe('the mechanism', () => {
  it('is TCX where the kernel has it', () => {
    const attachment = attach(a)
    expect(attachment).toMatchObject({ mechanism: 'tcx', reason: undefined, name: 'a', adopted: false })
    expect(attachment.link?.info()).toMatchObject({ type: 'tcx', programId: a.id, ifindex: attachment.ifindex })
  })

  it('is clsact when that is asked for, which is then no second best', () => {
    const attachment = attach(a, { mechanism: 'clsact' })
    expect(attachment).toMatchObject({ mechanism: 'clsact', reason: undefined, link: undefined })
  })

  it('is that of the anchor, and the reason says so', async () => {
    const anchor = attach(a, { mechanism: 'clsact', name: 'anchor' })
    const before = attach(b, { order: { before: anchor } })
    expect(before.mechanism).toBe('clsact')
    expect(before.reason).toMatch(
      /^filter millrace\S*\/anchor \(priority \d+, handle \d+\), which the order names, stands on/,
    )
    expect(attach(c)).toMatchObject({ mechanism: 'tcx', reason: undefined })
    await deliver(near, far)
    expect(witnesses.takeTrail()).toBe('cba')
  })

  it('cannot be another one than the anchor has', () => {
    const onClsact = attach(a, { mechanism: 'clsact' })
    const onTcx = attach(b, { mechanism: 'tcx' })
    const message = (wanted: string, found: string) =>
      new RegExp(
        `^options\\.order\\.after is '.* on ${found}', expected one that stands on ${wanted}, as options\\.mechanism`,
      )
    expect(() => attach(c, { mechanism: 'tcx', order: { after: onClsact } })).toThrow(message('tcx', 'clsact'))
    expect(() => attach(c, { mechanism: 'clsact', order: { after: onTcx } })).toThrow(message('clsact', 'tcx'))
  })

  it('lets TCX run before clsact, whatever was there first', async () => {
    await tc(far, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
    await addForeignProgram(far, { direction: 'ingress', priority: 1 }, 'stop')
    attach(a, { mechanism: 'clsact', order: 'last' })
    attach(b, { mechanism: 'tcx', order: 'last' })
    await deliver(near, far)
    expect(witnesses.takeTrail()).toBe('b')
    const names = queryTc('eth0', ingress).programs.map(({ mechanism, program }) => `${mechanism} ${program?.name}`)
    expect(names).toEqual(['tcx b', 'clsact stop', 'clsact a'])
    await tc(far, 'qdisc', 'del', 'dev', 'eth0', 'clsact')
  })
})

describe.each(['tcx', 'clsact'] as const)('on %s', (mechanism) => {
  const state = () => queryTc('eth0', { ...ingress, mechanism, pids: false })

  it('changes the revision with every change, and back only where nothing else can be told', () => {
    const revisions = [state().revision]
    const attachment = attach(a, { mechanism })
    revisions.push(state().revision)
    attachment.update(b)
    revisions.push(state().revision)
    attach(c, { mechanism })
    revisions.push(state().revision)
    expect(new Set(revisions).size).toBe(4)
  })

  it.each(['first', 'last', { before: { name: 'a' } }, { after: { name: 'a' } }, { replace: { name: 'a' } }] as const)(
    'goes %o only while the hook is at the expected revision',
    (order) => {
      const { revision: stale } = state()
      attach(a, { mechanism })
      const before = state()
      const late = () => attach(b, { mechanism, order, expectedRevision: stale })
      expect(late).toThrow(RevisionMismatchError)
      expect(late).toThrow(`tc ingress on eth0 in ${netns} is at revision ${before.revision}, expected ${stale};`)
      expect(state()).toEqual(before)
      attach(b, { mechanism, order, expectedRevision: before.revision })
      expect(state().programs).toHaveLength(typeof order === 'object' && 'replace' in order ? 1 : 2)
    },
  )

  it('exchanges the program, and expects the old one if that is asked for', () => {
    const attachment = attach(a, { mechanism })
    attachment.update(b)
    attachment.update(b)
    attachment.update(c, { expectedOld: b })
    expect(attachment.query()?.program).toMatchObject({ id: c.id, name: 'c' })
    const update = () => attachment.update(a, { expectedOld: b })
    expect(update).toThrow(UnexpectedProgramError)
    expect(update).toThrow(/^tc ingress on eth0 in .* has program c \(id \d+\), expected program b \(id \d+\); nothing/)
    expect(attachment.query()?.program?.id).toBe(c.id)
  })

  it('lets no packet by while programs are exchanged under traffic', async () => {
    witnesses.clear()
    const attachment = attach(dropFirst, { mechanism })
    const before = await received(far)
    const sending = await flood(near)
    let updates = 0
    try {
      for (const end = Date.now() + 20_000; updates < 200 && Date.now() < end; ) {
        attachment.update(updates++ % 2 === 0 ? dropSecond : dropFirst)
        // The flood comes from another process, and its packets need a processor as well.
        if (updates % 7 === 0) await received(far)
      }
    } finally {
      await sending.stop()
    }
    const after = await received(far)
    const { first, second } = witnesses.counts()
    expect(updates).toBe(200)
    expect(Math.min(first, second)).toBeGreaterThan(10)
    expect(first + second).toBe(after.frames - before.frames)
    expect(after.packets - before.packets).toBe(0)
  })
})

describe('a list of TCX', () => {
  it('takes a program once', () => {
    attach(a)
    expect(() => attach(a)).toThrow(AttachBusyError)
    expect(() => attach(a)).toThrow(
      /^tc ingress on eth0 in \S+ is taken by program a \(id \d+\) through link \d+; a program cannot stand on a hook twice/,
    )
    const other = attach(b)
    expect(() => other.update(a)).toThrow(/a program cannot stand on a hook twice/)
    expect(other.query()?.program?.id).toBe(b.id)
  })

  it('takes 63 programs', async () => {
    const copies: Awaited<ReturnType<typeof loadWitnesses>>[] = []
    try {
      for (let i = 0; i < 11; i++) copies.push(await loadWitnesses())
      const programs = copies.flatMap(({ programs: all }) => [all.a, all.b, all.c, all.d, all.stop, all.dropFirst])
      for (const program of programs.slice(0, 63)) attach(program)
      const [more = a] = programs.slice(63)
      expect(() => attach(more)).toThrow(AttachBusyError)
      expect(() => attach(more)).toThrow(/; 63 programs stand there, and the kernel takes no more$/)
      expect(queryTc('eth0', { ...ingress, pids: false }).programs).toHaveLength(63)
    } finally {
      for (const attachment of attached) attachment.close()
      for (const copy of copies) copy.close()
    }
  })
})
