import { setTimeout as sleep } from 'node:timers/promises'
import { InterfaceGoneError, UnexpectedProgramError } from '@millrace/core'
import { resolveInterface } from '@millrace/core/internal'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { addForeignProgram, hasClsact, objectFile, show, tc } from '../../test/foreign.js'
import { makeNetwork } from '../../test/network.js'
import { received, stream } from '../../test/traffic.js'
import { loadWitnesses } from '../../test/witnesses.js'
import { type AttachTcOptions, attachTc, queryTc, type TcAttachment } from '../index.js'
import { clsact } from './index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, c, dropFirst, dropSecond } = witnesses.programs
const { near, far } = network.hosts
const { netns } = far
const hook = { interface: resolveInterface('eth0', netns), direction: 'ingress' } as const

afterEach(async () => {
  await far.run('tc', ['qdisc', 'del', 'dev', 'eth0', 'clsact'])
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

function attach(program = a, options: Partial<AttachTcOptions> = {}): TcAttachment {
  return attachTc(program, 'eth0', { netns, direction: 'ingress', mechanism: 'clsact', ...options })
}

const names = () =>
  queryTc('eth0', { netns, direction: 'ingress', mechanism: 'clsact', pids: false }).programs.map(
    ({ program }) => program?.name,
  )

/** Puts program d there, as somebody does who knows priority and handle. */
async function replaceByOther(attachment: TcAttachment): Promise<void> {
  const priority = String(attachment.query()?.filter?.priority)
  const place = ['dev', 'eth0', 'ingress', 'prio', priority, 'handle', '1']
  await tc(far, 'filter', 'replace', ...place, 'bpf', 'direct-action', 'object-file', objectFile, 'program', 'd')
}

describe('update', () => {
  it('exchanges the program and keeps place, name and handle', () => {
    using first = attach(a)
    using _second = attach(b)
    const before = first.query()
    first.update(c)
    expect(names()).toEqual(['c', 'b'])
    expect(first.query()).toMatchObject({ program: { id: c.id }, filter: before?.filter })
    first.update(c)
    first.update(a, { expectedOld: c })
    expect(names()).toEqual(['a', 'b'])
  })

  it('changes nothing when another program than the expected one is there', async () => {
    using attachment = attach(a)
    expect(() => attachment.update(c, { expectedOld: b })).toThrow(UnexpectedProgramError)
    expect(() => attachment.update(c, { expectedOld: b })).toThrow(
      `tc ingress on eth0 in ${netns} has program a (id ${a.id}), expected program b (id ${b.id}); nothing was changed`,
    )
    await replaceByOther(attachment)
    expect(() => attachment.update(c)).toThrow(UnexpectedProgramError)
    expect(names()).toEqual(['d'])
  })

  it('says so when the filter was removed', async () => {
    using attachment = attach(a)
    await tc(far, 'qdisc', 'del', 'dev', 'eth0', 'clsact')
    expect(() => attachment.update(b)).toThrow(`has no program, expected program a (id ${a.id}); nothing was changed`)
    expect(attachment.query()).toBeUndefined()
    expect(await hasClsact(far)).toBe(false)
  })

  it('lets no packet by while programs are exchanged under traffic', async () => {
    witnesses.clear()
    using attachment = attach(dropFirst)
    const before = await received(far)
    const sending = stream(near, 700)
    let updates = 0
    let over = false
    const sent = sending.finally(() => {
      over = true
    })
    for (; !over; updates++) {
      attachment.update(updates % 2 === 0 ? dropSecond : dropFirst)
      await sleep(1)
    }
    const after = await received(far)
    const { first, second } = witnesses.counts()
    expect(updates).toBeGreaterThan(2)
    expect(Math.min(first, second)).toBeGreaterThan(0)
    expect(first + second).toBe(await sent)
    expect(after.packets - before.packets).toBe(0)
  })
})

describe('a filter that somebody has changed', () => {
  it('stays when we let go', async () => {
    const attachment = attach(a)
    await replaceByOther(attachment)
    attachment.close()
    expect(names()).toEqual(['d'])
  })

  it('stays when it is to be detached, which is an error', async () => {
    const attachment = attach(a)
    await replaceByOther(attachment)
    expect(() => attachment.detach()).toThrow(UnexpectedProgramError)
    expect(names()).toEqual(['d'])
  })

  it('is gone, which is no error', async () => {
    const attachment = attach(a)
    await tc(far, 'filter', 'del', 'dev', 'eth0', 'ingress')
    attachment.detach()
    const other = attach(a)
    await tc(far, 'qdisc', 'del', 'dev', 'eth0', 'clsact')
    other.close()
  })
})

describe('a grip on what stands there already', () => {
  it('removes nothing unless it is told to, or has put a program there', async () => {
    await tc(far, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
    await addForeignProgram(far, { direction: 'ingress', priority: 9 }, 'd')
    const before = await show(far, 'ingress')
    const [entry] = list()
    if (entry === undefined) throw new Error('there is no filter')
    clsact.grip(hook, entry).close()
    expect(await show(far, 'ingress')).toBe(before)
    const grip = clsact.grip(hook, entry)
    grip.update(a, undefined)
    expect(await show(far, 'ingress')).toContain(' handle 0x1 witnesses.bpf.o:[classifier] direct-action ')
    expect(names()).toEqual(['a'])
    grip.close()
    expect(names()).toEqual([])
    expect(await hasClsact(far)).toBe(true)
  })

  it('keeps the name of what is to be adopted, whoever replaces it', () => {
    const mark = { name: 'guard', pinRoot: '/sys/fs/bpf/somewhere' }
    const placement = {
      program: a,
      position: { at: 'last' },
      expectedRevision: undefined,
      priority: undefined,
    } as const
    const made = clsact.attach(hook, { ...placement, mark })
    if ('unavailable' in made) throw made.unavailable
    using replaced = attach(b, { order: { replace: a } })
    expect(replaced.query()).toMatchObject({
      name: 'guard',
      filter: { name: 'millrace+:guard@/sys/fs/bpf/somewhere' },
      program: { id: b.id },
    })
    expect(() => clsact.attach(hook, { ...placement, mark })).toThrow(
      /is taken by program b .*; filter millrace\+:guard@.*: it has the name under which it is to be adopted/,
    )
    // Another owner, another name.
    const other = clsact.attach(hook, { ...placement, mark: { ...mark, pinRoot: '/elsewhere' } })
    if ('unavailable' in other) throw other.unavailable
    expect(names()).toEqual(['b', 'a'])
    other.close()
  })

  it('is not to be had when the filter is gone, or has another program', async () => {
    using attachment = attach(a)
    const [entry] = list()
    if (entry === undefined) throw new Error('there is no filter')
    attachment.update(b)
    expect(() => clsact.grip(hook, entry)).toThrow(/filter millrace\+\/a .* does not stand on tc ingress on eth0/)
    attachment.close()
    expect(() => clsact.grip(hook, entry)).toThrow(/does not stand on/)
  })
})

describe('after the interface is gone', () => {
  it.each(['ingress', 'egress'] as const)('update of %s says so, and detach has nothing to do', async (direction) => {
    await using brief = await makeNetwork()
    const place = { netns: brief.hosts.far.netns, direction, mechanism: 'clsact' } as const
    const [first, second, third] = [attachTc(a, 'eth0', place), attachTc(b, 'eth0', place), attachTc(c, 'eth0', place)]
    expect((await brief.hosts.far.run('ip', ['link', 'delete', 'eth0'])).code).toBe(0)
    expect(() => first?.update(c)).toThrow(InterfaceGoneError)
    expect(() => first?.query()).toThrow(InterfaceGoneError)
    first?.detach()
    second?.close()
    await brief.close()
    // And the namespace with it.
    expect(() => third?.update(a)).toThrow(InterfaceGoneError)
    third?.detach()
  })

  it('there is nothing to attach to, and nothing to list', async () => {
    const gone = { interface: { name: 'gone0', index: 999_999, netns }, direction: 'ingress' } as const
    const placement = {
      program: a,
      position: { at: 'last' },
      expectedRevision: undefined,
      mark: { name: 'x', pinRoot: undefined },
      priority: undefined,
    } as const
    expect(() => clsact.list(gone)).toThrow(InterfaceGoneError)
    expect(() => clsact.attach(gone, placement)).toThrow(InterfaceGoneError)
  })
})

function list() {
  const found = clsact.list(hook)
  if ('unavailable' in found) throw found.unavailable
  return found.entries
}
