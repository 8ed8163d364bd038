import { AnchorGoneError, ArgumentError, AttachBusyError, type Program, RevisionMismatchError } from '@millrace/core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { addForeignProgram, addForeignU32, objectFile, removeForeign, show, tc } from '../../test/foreign.js'
import { makeNetwork } from '../../test/network.js'
import { deliver } from '../../test/traffic.js'
import { loadWitnesses } from '../../test/witnesses.js'
import { NoPriorityError } from '../errors/index.js'
import { type AttachTcOptions, attachTc, queryTc, type TcAttachment } from '../index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, c, d, stop } = witnesses.programs
const { near, far } = network.hosts

let attached: TcAttachment[] = []

afterEach(async () => {
  for (const attachment of attached) attachment.close()
  attached = []
  for (const host of [near, far]) await host.run('tc', ['qdisc', 'del', 'dev', 'eth0', 'clsact'])
  witnesses.takeTrail()
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

describe.each(['ingress', 'egress'] as const)('%s', (direction) => {
  const host = direction === 'ingress' ? far : near
  const { netns } = host
  const at = (priority: number) => ({ direction, priority })

  function attach(program: Program<'sched_cls'>, options: Partial<AttachTcOptions> = {}): TcAttachment {
    const attachment = attachTc(program, 'eth0', { netns, direction, mechanism: 'clsact', ...options })
    attached.push(attachment)
    return attachment
  }

  const query = () => queryTc('eth0', { netns, direction, mechanism: 'clsact', pids: false })

  async function trail(): Promise<string> {
    await deliver(near, far)
    return witnesses.takeTrail()
  }

  it('runs each program that lets the next one decide, by first and last', async () => {
    attach(b)
    attach(c)
    attach(a, { order: 'first' })
    attach(d, { order: 'last' })
    expect(await trail()).toBe('abcd')
    expect(query().programs.map(({ program }) => program?.name)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('runs none behind one that decides', async () => {
    attach(a)
    attach(stop)
    attach(b)
    expect(await trail()).toBe('a')
  })

  it('puts dozens directly before or after the same program', () => {
    const anchor = attach(b)
    const names = Array.from({ length: 40 }, (_, index) => `${index}`)
    for (const name of names) attach(a, { name: `before ${name}`, order: { before: anchor } })
    for (const name of names) attach(c, { name: `after ${name}`, order: { after: anchor } })
    expect(query().programs.map(({ name }) => name)).toEqual([
      ...names.map((name) => `before ${name}`),
      'b',
      ...names.toReversed().map((name) => `after ${name}`),
    ])
  })

  it('runs the later of one priority first, also when there is no room but that', async () => {
    attach(d, { priority: 1 })
    for (const program of [c, b, a]) attach(program, { order: 'first' })
    expect(query().programs.map(({ filter }) => filter?.priority)).toEqual([1, 1, 1, 1])
    expect(await trail()).toBe('abcd')
  })

  it('stands between the filters of others, and leaves them as they are', async () => {
    await tc(host, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
    await addForeignProgram(host, at(10), 'b')
    await addForeignProgram(host, at(30), 'd')
    const before = await show(host, direction)
    const [first, second] = query().programs
    attach(a, { order: 'first' })
    const between = attach(c, { order: { after: { programId: first?.program?.id ?? 0 } } })
    // What d writes down is in a map of its own; what c sees is what b has left.
    expect(await trail()).toBe('abc')
    attach(a, { order: 'last', name: 'at the end' })
    expect(await trail()).toBe('abcda')
    between.close()
    attach(c, { order: { before: { programId: second?.program?.id ?? 0 } } })
    expect(await trail()).toBe('abcda')
    for (const attachment of attached.splice(0)) attachment.close()
    expect(await show(host, direction)).toBe(before)
  })

  it('is before or after a filter that is no program', async () => {
    await tc(host, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
    await addForeignU32(host, at(20))
    const before = await show(host, direction)
    expect(query().programs).toMatchObject([{ program: undefined, filter: { kind: 'u32', priority: 20, name: '' } }])
    attach(a, { order: 'first' })
    attach(b, { order: 'last' })
    expect(await trail()).toBe('a')
    await removeForeign(host, at(20))
    expect(await trail()).toBe('ab')
    await addForeignU32(host, at(20))
    for (const attachment of attached.splice(0)) attachment.close()
    expect((await show(host, direction)).replaceAll(/fh \S+/g, '')).toBe(before.replaceAll(/fh \S+/g, ''))
  })

  it('is refused where there is no room between filters of others', async () => {
    await tc(host, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
    await addForeignProgram(host, at(1), 'b')
    await addForeignProgram(host, at(2), 'd')
    const before = await show(host, direction)
    const [{ program } = { program: undefined }] = query().programs
    expect(() => attach(a, { order: 'first' })).toThrow(NoPriorityError)
    const between = () => attach(a, { order: { after: { programId: program?.id ?? 0 } } })
    expect(between).toThrow(NoPriorityError)
    expect(between).toThrow(
      `tc ${direction} on eth0 in ${netns} has no priority free between filter witnesses.bpf.o:[classifier] (priority 1, ` +
        'handle 1) and filter witnesses.bpf.o:[classifier] (priority 2, handle 1); nothing was changed. ',
    )
    expect(await show(host, direction)).toBe(before)
  })

  it('takes a priority that is told, unless it is taken', async () => {
    attach(b, { priority: 77 })
    expect(query().programs).toMatchObject([{ filter: { priority: 77, handle: 1, name: 'millrace+/b' } }])
    const again = () => attach(a, { priority: 77 })
    expect(again).toThrow(AttachBusyError)
    expect(again).toThrow(
      `priority 77 of tc ${direction} on eth0 in ${netns} is taken by program b (id ${b.id}); ` +
        'filter millrace+/b (priority 77, handle 1): choose another priority, or an order instead',
    )
    attach(a, { priority: 76 })
    expect(await trail()).toBe('ab')
  })

  it('is at the revision that was expected, or nothing is changed', () => {
    const { revision: empty } = query()
    attach(a, { expectedRevision: empty })
    const { revision } = query()
    expect(revision).not.toBe(empty)
    expect(() => attach(b, { expectedRevision: empty })).toThrow(RevisionMismatchError)
    expect(query().revision).toBe(revision)
    attached[0]?.update(c)
    expect(query().revision).not.toBe(revision)
    attached[0]?.update(a)
    expect(query().revision).toBe(revision)
  })

  it('is not attached at an anchor that is gone', () => {
    const anchor = attach(a)
    const { netns: elsewhere } = direction === 'ingress' ? near : far
    using other = attachTc(b, 'eth0', { netns: elsewhere, direction, mechanism: 'clsact' })
    anchor.close()
    expect(() => attach(c, { order: { before: { programId: a.id } } })).toThrow(AnchorGoneError)
    expect(other.query()?.program?.id).toBe(b.id)
    expect(query().programs).toEqual([])
  })

  describe('replace', () => {
    it('puts a program in the place of another, which is then ours to remove', async () => {
      await tc(host, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
      await addForeignProgram(host, at(10), 'b')
      attach(a, { order: 'first' })
      attach(c, { order: 'last' })
      expect(await trail()).toBe('abc')
      const theirs = query().programs[1]
      const replaced = attach(d, { order: { replace: { programId: theirs?.program?.id ?? 0 } } })
      expect(await trail()).toBe('adc')
      expect(query().programs[1]).toMatchObject({ name: 'd', filter: { name: 'millrace/d', priority: 10, handle: 1 } })
      replaced.close()
      expect(await trail()).toBe('ac')
    })

    it('is not for a filter whose program cannot be exchanged', async () => {
      await tc(host, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
      await addForeignU32(host, at(10))
      const { filter } = query().programs[0] ?? {}
      const text = `filter u32 (priority ${filter?.priority}, handle ${filter?.handle})`
      const anchor = { name: 'u32' }
      expect(() => attach(a, { order: { replace: anchor } })).toThrow(AnchorGoneError)
      expect(text).toMatch(/priority 10/)
      const object = ['bpf', 'object-file', objectFile]
      const add = ['filter', 'add', 'dev', 'eth0', direction, 'prio']
      await tc(host, ...add, '20', ...object, 'program', 'd', 'flowid', '1:1')
      await tc(host, ...add, '30', 'protocol', 'ip', ...object, 'program', 'd', 'direct-action')
      await tc(host, ...add, '40', 'chain', '3', ...object, 'program', 'd', 'direct-action')
      const before = await show(host, direction)
      for (const { program } of query().programs.slice(1)) {
        const replace = () => attach(a, { order: { replace: { programId: program?.id ?? 0 } } })
        expect(replace).toThrow(ArgumentError)
        expect(replace).toThrow(
          /options.order.replace is 'filter witnesses.bpf.o.*expected a direct-action bpf filter, whose program can be exchanged: /,
        )
      }
      expect(await show(host, direction)).toBe(before)
    })
  })
})
