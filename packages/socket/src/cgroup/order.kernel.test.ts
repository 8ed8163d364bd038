import { execFileSync } from 'node:child_process'
import { AnchorGoneError, ArgumentError, AttachBusyError, load, RevisionMismatchError } from '@millrace/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Agent } from '../../test/agent.js'
import { makeCgroup, type TestCgroup } from '../../test/cgroup.js'
import { turns } from '../../test/generated/turns.bpf.js'
import { type AttachCgroupOptions, attachCgroup, queryCgroup } from './index.js'

const object = await load(turns)
const { one, two, three, four } = object.programs
let cgroup: TestCgroup
let below: TestCgroup
let agent: Agent
let port: number

beforeAll(async () => {
  cgroup = await makeCgroup()
  below = await makeCgroup(cgroup.path)
  agent = await Agent.start({ cgroup: below.path })
  port = (await agent.do('serveTcp', { name: 'server', host: '127.0.0.1' })).port
})
afterAll(async () => {
  await cgroup.remove()
  object.close()
})

let open: Disposable[] = []
afterEach(() => {
  for (const it of open) it[Symbol.dispose]()
  open = []
})

function attach(program: typeof one, options: AttachCgroupOptions<'connect4'> = {}, { path } = cgroup) {
  const attachment = attachCgroup(program, path, options)
  open.push(attachment)
  return attachment
}

/** The programs that one connect() runs, in the order in which they ran. */
async function whoRan(): Promise<string> {
  object.variables.turns.set(0n)
  await agent.do('tcp', { host: '127.0.0.1', port })
  return String(object.variables.turns.get())
}

/** Attached with bpftool: nobody's whom we know. */
function attachForeign(program: { readonly id: number }, ...flags: string[]) {
  const name = ['attach', cgroup.path, 'connect4', 'id', String(program.id), ...flags]
  execFileSync('bpftool', ['cgroup', ...name])
  open.push({
    [Symbol.dispose]: () => {
      const { programs } = queryCgroup(cgroup.path, { hook: 'connect4', pids: false })
      for (const it of programs.filter(({ linkId }) => linkId === undefined)) {
        execFileSync('bpftool', ['cgroup', 'detach', cgroup.path, 'connect4', 'id', String(it.program.id)])
      }
    },
  })
}

describe.each(['link', 'direct'] as const)('order by %s', (mechanism) => {
  it('is that of attaching, unless told', async () => {
    attach(one, { mechanism })
    attach(two, { mechanism })
    attach(three, { mechanism, order: 'first' })
    attach(four, { mechanism, order: 'last' })
    expect(await whoRan()).toBe('3124')
    const { programs } = queryCgroup(cgroup.path, { hook: 'connect4' })
    expect(programs.map(({ program }) => program.name)).toEqual(['three', 'one', 'two', 'four'])
  })

  it.each(['attachment', 'program', 'link', 'programId', 'linkId', 'name'] as const)(
    'is relative to a %s',
    async (kind) => {
      attach(one, { mechanism })
      const second = attach(two, { mechanism })
      const { link } = second
      const anchors = {
        attachment: second,
        program: two,
        link: link ?? second,
        programId: { programId: two.id },
        linkId: link === undefined ? second : { linkId: link.id },
        name: { name: 'two' },
      }
      attach(three, { mechanism, order: { before: anchors[kind] } })
      attach(four, { mechanism, order: { after: anchors[kind] } })
      expect(await whoRan()).toBe('1324')
    },
  )

  it('stays when programs are exchanged and taken away', async () => {
    const first = attach(one, { mechanism })
    const second = attach(two, { mechanism })
    attach(three, { mechanism })
    first.update(four)
    expect(await whoRan()).toBe('423')
    second.detach()
    expect(await whoRan()).toBe('43')
  })

  it('puts a program in the place of another', async () => {
    attach(one, { mechanism })
    const second = attach(two, { mechanism })
    attach(three, { mechanism })
    const successor = attach(four, { order: { replace: { name: 'two' } } })
    expect(successor).toMatchObject({ mechanism, mode: 'multi' })
    expect(await whoRan()).toBe('143')
    successor.detach()
    expect(await whoRan()).toBe('13')
    second.close()
    expect(await whoRan()).toBe('13')
  })

  it('is refused against an anchor that is not there', () => {
    attach(one, { mechanism })
    const gone = attach(two, { mechanism })
    const link = gone.link?.id ?? 0xffff_fff0
    gone.close()
    for (const anchor of [two, { programId: two.id }, { linkId: link }, { name: 'two' }, { programId: 0xffff_fff0 }]) {
      for (const order of [{ before: anchor }, { after: anchor }, { replace: anchor }]) {
        expect(() => attach(three, { mechanism, order })).toThrow(AnchorGoneError)
      }
    }
    expect(queryCgroup(cgroup.path, { hook: 'connect4' }).programs).toHaveLength(1)
  })

  it('is refused against an anchor at another hook', () => {
    const elsewhere = attachCgroup(object.programs.bound, cgroup.path, { mechanism })
    open.push(elsewhere)
    expect(() => attach(one, { mechanism, order: { before: elsewhere } })).toThrow(AnchorGoneError)
  })

  it('is refused at another revision', () => {
    const { revision } = queryCgroup(cgroup.path, { hook: 'connect4' })
    attach(one, { mechanism, expectedRevision: revision })
    const late = () => attach(two, { mechanism, expectedRevision: revision })
    expect(late).toThrow(RevisionMismatchError)
    expect(late).toThrow(`connect4 of ${cgroup.path} is at revision ${revision + 1n}, expected ${revision}`)
    attach(two, { mechanism, expectedRevision: revision + 1n })
  })

  it('runs before the groups below only with preorder', async () => {
    attach(one, { mechanism }, below)
    attach(two, { mechanism })
    expect(await whoRan()).toBe('12')
    const first = attach(three, { mechanism, preorder: true })
    expect(await whoRan()).toBe('312')
    first.update(four)
    expect(await whoRan()).toBe('412')
    const { programs } = queryCgroup(below.path, { hook: 'connect4', effective: true })
    expect(programs.map(({ program, cgroup }) => [program.name, cgroup])).toEqual([
      ['four', cgroup.path],
      ['one', below.path],
      ['two', cgroup.path],
    ])
  })

  it('is not kept between those that are preordered and those that are not', () => {
    attach(one, { mechanism, preorder: true })
    const between = () => attach(two, { mechanism, order: { before: one } })
    expect(between).toThrow(ArgumentError)
    expect(between).toThrow(/options\.preorder is false, expected true, as of the anchor/)
  })
})

describe('a program that stands there twice', () => {
  it('does so by links', async () => {
    attach(one)
    attach(one)
    expect(await whoRan()).toBe('11')
    expect(queryCgroup(cgroup.path, { hook: 'connect4' }).programs.map(({ linkId }) => linkId)).toEqual([
      undefined,
      undefined,
    ])
  })

  it('is no anchor', () => {
    const first = attach(one)
    attach(one)
    for (const anchor of [one, first]) {
      const order = { after: anchor }
      expect(() => attach(two, { order })).toThrow(/stands at connect4 of .* once: the kernel does not tell them apart/)
    }
  })

  it('does not without links', () => {
    attach(one, { mechanism: 'direct' })
    const again = () => attach(one, { mechanism: 'direct' })
    expect(again).toThrow(AttachBusyError)
    expect(again).toThrow(/load it again to have another/)
    const second = attach(two, { mechanism: 'direct' })
    expect(() => second.update(one)).toThrow(AttachBusyError)
  })
})

describe('foreign programs', () => {
  it('stay where they are', async () => {
    attachForeign(one, 'multi')
    attach(two)
    attach(three, { order: 'first' }).close()
    attach(four, { order: { before: { name: 'one' } } })
    expect(await whoRan()).toBe('412')
  })

  it.each([['multi'], ['override'], []])('are replaced in their own way (%s)', async (...flags) => {
    attachForeign(one, ...flags)
    const successor = attach(two, { order: { replace: one } })
    expect(successor).toMatchObject({
      mechanism: 'direct',
      mode: flags[0] ?? 'exclusive',
      reason: 'link: what was attached without one can only be replaced without one',
    })
    expect(await whoRan()).toBe('2')
    successor.detach()
    expect(await whoRan()).toBe('0')
  })
})
