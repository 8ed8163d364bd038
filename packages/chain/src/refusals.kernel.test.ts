import { readdirSync, readlinkSync } from 'node:fs'
import { ArgumentError, AttachBusyError, ClosedError, load, Program, UnexpectedProgramError } from '@millrace/core'
import { attachTc } from '@millrace/tc'
import { attachXdp, queryXdp } from '@millrace/xdp'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stagesTc } from '../test/generated/stages_tc.bpf.js'
import { stagesXdp } from '../test/generated/stages_xdp.bpf.js'
import { stagesXdpFrags } from '../test/generated/stages_xdp_frags.bpf.js'
import { makeNetwork } from '../test/network.js'
import {
  ChainFullError,
  DuplicateStageError,
  NotAStageError,
  StageRefusedError,
  TailCallChain,
  UnknownStageError,
} from './index.js'

const network = await makeNetwork()
const { netns } = network.hosts.far
const xdp = await load(stagesXdp)
const tc = await load(stagesTc)
const frags = await load(stagesXdpFrags)
const where = { hook: 'xdp', interface: 'eth0', netns } as const

/** Held by this process: on the machine others come and go, and the kernel frees those that are closed in its own time. */
const openPrograms = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === 'anon_inode:bpf-prog'
    } catch {
      return false
    }
  }).length

afterAll(async () => {
  for (const object of [xdp, tc, frags]) object.close()
  await network.close()
})

describe('a chain that cannot be made', () => {
  const refused = (options: object) => TailCallChain.create(options as typeof where).catch((error: unknown) => error)

  it.each([
    { what: 'on no hook', options: { hook: 'xpd' }, argument: 'options.hook', says: 'did you mean xdp?' },
    { what: 'with a misspelt option', options: { pni: 'edge' }, argument: 'options', says: 'did you mean pin?' },
    {
      what: 'with an option of the other hook',
      options: { direction: 'ingress' },
      argument: 'options',
      says: 'one of',
    },
    { what: 'on no interface', options: { interface: 'eth' }, argument: 'iface', says: 'did you mean eth0?' },
    { what: 'in no namespace', options: { netns: '/proc/1/ns/nte' }, argument: 'options.netns', says: 'namespace' },
    { what: 'in no direction', options: { hook: 'tc' }, argument: 'options.direction', says: 'ingress' },
    { what: 'with no such end', options: { end: 'next' }, argument: 'options.end', says: 'one of pass, drop' },
    { what: 'with no such mode', options: { mode: 'fast' }, argument: 'options.mode', says: 'native' },
    { what: 'with a name that is a path', options: { pin: 'a/b' }, argument: 'options.pin', says: 'letters' },
    { what: 'with a number for a flag', options: { timing: 1 }, argument: 'options.timing', says: 'true or false' },
  ])('$what', async ({ options, argument, says }) => {
    const error = await refused({ ...where, ...options })
    expect(error).toBeInstanceOf(ArgumentError)
    // A misspelt option is told by its name.
    expect((error as ArgumentError).argument).toContain(argument)
    expect((error as ArgumentError).message).toContain(says)
    expect(queryXdp('eth0', { netns })).toEqual([])
  })

  it('where another program is, or another chain', async () => {
    await using first = await TailCallChain.create(where)
    const error = await refused(where)
    expect(error).toBeInstanceOf(AttachBusyError)
    expect((error as AttachBusyError).holder.program?.name).toBe('end')
    first.append('mark', xdp.programs.mark)
    expect(first.names).toEqual(['mark'])
  })

  it('leaves nothing over', async () => {
    using attachment = attachXdp(xdp.programs.lone, 'eth0', { netns })
    const before = openPrograms()
    await refused(where)
    expect(openPrograms()).toBe(before)
    expect(attachment.query()?.program.id).toBe(xdp.programs.lone.id)
  })
})

describe('a change that cannot be made leaves the chain as it was', () => {
  let chain: TailCallChain<'xdp'>

  beforeEach(async () => {
    chain = await TailCallChain.create(where)
    chain.append('first', xdp.programs.mark)
    chain.append('second', xdp.programs.mark)
    await chain.settled()
  })

  afterEach(async () => {
    expect(chain.names).toEqual(['first', 'second'])
    chain.close()
    await chain.settled()
  })

  it('since there is no such stage, or not any more', () => {
    const { mark } = xdp.programs
    expect(() => chain.remove('frist')).toThrow(
      /the chain has no stage frist: it has first, second; did you mean first\?/,
    )
    for (const change of [
      () => chain.insertBefore('third', 'new', mark),
      () => chain.insertAfter('third', 'new', mark),
      () => chain.replace('third', mark),
      () => chain.move('third', 'first'),
      () => chain.move('first', { after: 'third' }),
      () => chain.apply(['first', 'third']),
      () => chain.openMap('third', 'notes'),
    ]) {
      expect(change).toThrow(UnknownStageError)
    }
    chain.append('third', mark)
    chain.remove('third')
    expect(() => chain.remove('third')).toThrow(UnknownStageError)
  })

  it('since there is one of that name already', () => {
    expect(() => chain.append('first', xdp.programs.mark)).toThrow(DuplicateStageError)
    expect(() => chain.apply(['first', 'second', 'first'])).toThrow(DuplicateStageError)
  })

  it('since that is no name', () => {
    for (const name of ['', 'a/b', 'a.b', '-x', 'x'.repeat(65), 7]) {
      expect(() => chain.append(name as string, xdp.programs.mark)).toThrow(ArgumentError)
    }
  })

  it('since the program is of another hook', () => {
    // @ts-expect-error a tc program
    expect(() => chain.append('tc', tc.programs.mark)).toThrow(/program.type is 'sched_cls', expected xdp/)
    // @ts-expect-error no program
    expect(() => chain.append('tc', xdp)).toThrow(ArgumentError)
  })

  it('since frags and others do not mix', async () => {
    expect(() => chain.append('frags', frags.programs.mark)).toThrow(
      /program.section is 'xdp.frags', expected xdp, as all/,
    )
    chain.close()
    await chain.settled()
    await using other = await TailCallChain.create({ ...where, frags: true })
    other.append('frags', frags.programs.mark)
    expect(() => other.append('none', xdp.programs.mark)).toThrow(
      /expected xdp.frags, as all stages of a chain with frags/,
    )
    expect(other.names).toEqual(['frags'])
    chain = other
    other.close()
    await other.settled()
    chain = await TailCallChain.create(where)
    chain.apply([
      { name: 'first', program: xdp.programs.mark },
      { name: 'second', program: xdp.programs.mark },
    ])
  })

  it('since the program is no stage', () => {
    expect(() => chain.append('lone', xdp.programs.lone)).toThrow(NotAStageError)
    expect(() => chain.append('lone', xdp.programs.lone)).toThrow(
      'program lone is no stage: it never goes on to a next stage; include <millrace/stage.h>, define the program with MR_STAGE',
    )
    using opened = Program.openById(xdp.programs.mark.id)
    expect(() => chain.append('opened', opened.as('xdp'))).toThrow(/opened and not loaded by this process/)
  })

  it('since the program, or the object, was closed', async () => {
    const object = await load(stagesXdp)
    const { mark } = object.programs
    object.close()
    expect(() => chain.append('closed', mark)).toThrow(ClosedError)
  })

  it('since nobody has said how many tail calls the program makes itself', () => {
    expect(() => chain.append('branch', xdp.programs.branch)).toThrow(StageRefusedError)
    expect(() => chain.append('branch', xdp.programs.branch)).toThrow(
      'stage branch cannot be program branch: it makes tail calls of its own, by detour, and a packet has 33 in all: say how many',
    )
    chain.append('branch', xdp.programs.branch, { tailCalls: 1 })
    chain.remove('branch')
    expect(() => chain.append('branch', xdp.programs.branch, { tailCalls: 33 })).toThrow(ArgumentError)
  })

  it('since the chain is full', () => {
    const many = Array.from({ length: 31 }, (_, index) => ({ name: `s${index}`, program: xdp.programs.mark }))
    expect(() => chain.append('branch', xdp.programs.branch, { tailCalls: 31 })).toThrow(ChainFullError)
    chain.apply(['first', ...many, 'second'])
    expect(() => chain.append('one more', xdp.programs.mark)).toThrow(ArgumentError)
    expect(() => chain.append('onemore', xdp.programs.mark)).toThrow(
      /a chain of 34 stages takes 34 tail calls, one each;/,
    )
    chain.apply(['first', 'second'])
  })

  it('since a stage in the middle of it cannot be', async () => {
    await chain.settled()
    const before = openPrograms()
    const own = { name: 'third', program: xdp.programs.mark }
    expect(() => chain.apply([own, { ...own, name: 'bad', program: xdp.programs.lone }, 'first'])).toThrow(
      NotAStageError,
    )
    expect(openPrograms()).toBe(before)
  })

  it('since somebody has put another program on the hook', async () => {
    using other = attachXdp(xdp.programs.lone, 'eth0', { netns, replace: true })
    expect(() => chain.append('third', xdp.programs.mark)).toThrow(UnexpectedProgramError)
    expect(() => chain.remove('second')).toThrow(/has program lone \(id \d+\), expected program mark/)
    other.detach()
    expect(() => chain.remove('second')).toThrow(UnexpectedProgramError)
  })

  it('since there is an option that does not exist', () => {
    // @ts-expect-error misspelt
    expect(() => chain.append('x', xdp.programs.mark, { tailcalls: 1 })).toThrow(/did you mean tailCalls\?/)
    // @ts-expect-error of replace
    expect(() => chain.append('x', xdp.programs.mark, { keepCounters: true })).toThrow(ArgumentError)
    // @ts-expect-error no array
    expect(() => chain.apply('first')).toThrow(ArgumentError)
    // @ts-expect-error misspelt
    expect(() => chain.apply([{ name: 'x', program: xdp.programs.mark, tailcalls: 1 }])).toThrow(/^stages\[0\] is /)
  })

  it('since that is no list of stages', () => {
    const expected = 'expected the name of a stage that the chain has, or a definition { name, program }'
    const hole: string[] = []
    hole[1] = 'first'
    expect(() => chain.apply(hole)).toThrow(`stages[0] is undefined, ${expected}`)
    // @ts-expect-error a program without a name
    expect(() => chain.apply(['first', xdp.programs.mark])).toThrow(
      /^stages\[1\] is program mark \(xdp\), expected the /,
    )
    // @ts-expect-error nothing
    expect(() => chain.apply([null])).toThrow(`stages[0] is null, ${expected}`)
  })

  it('nor opens a map that nobody has named', () => {
    // @ts-expect-error no name
    expect(() => chain.openMap('first')).toThrow(/^map is undefined, expected a string/)
  })
})

it('a chain that was closed says so, and closes twice', async () => {
  const chain = await TailCallChain.create(where)
  chain.close()
  chain.close()
  expect(chain.closed).toBe(true)
  for (const use of [
    () => chain.stages(),
    () => chain.missed,
    () => chain.append('x', xdp.programs.mark),
    () => chain.apply([]),
    () => chain.remove('x'),
    () => chain.detach(),
  ]) {
    expect(use).toThrow(ClosedError)
  }
  await chain.settled()
  expect(queryXdp('eth0', { netns })).toEqual([])
})

it('two chains stand on one tc hook in its order, and the first hands on to the second', async () => {
  const place = { hook: 'tc', interface: 'eth0', netns, direction: 'ingress' } as const
  for (const mechanism of ['tcx', 'clsact'] as const) {
    await using second = await TailCallChain.create({ ...place, mechanism })
    await using first = await TailCallChain.create({ ...place, mechanism, order: 'first' })
    first.append('mark', tc.programs.mark)
    second.append('mark', tc.programs.mark)
    using between = attachTc(tc.programs.lone, 'eth0', {
      netns,
      mechanism,
      direction: 'ingress',
      order: { after: { programId: first.stages()[0]?.program.id ?? 0 } },
    })
    expect(between.query()?.program?.name).toBe('lone')
    first.append('again', tc.programs.mark)
    expect(first.names).toEqual(['mark', 'again'])
  }
})
