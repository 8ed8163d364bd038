import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ArgumentError, ClosedError, load, loadSync } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCgroup, type TestCgroup } from '../../test/cgroup.js'
import { turns } from '../../test/generated/turns.bpf.js'
import { type AttachCgroupOptions, attachCgroup, cgroupRoot, queryCgroup } from './index.js'

const object = await load(turns)
const { one, bound, notCgroup } = object.programs
let cgroup: TestCgroup

beforeAll(async () => {
  cgroup = await makeCgroup()
})
afterAll(async () => {
  await cgroup.remove()
  object.close()
})

/** Past the compiler, as JavaScript would. */
const loosely = (program: unknown, path: unknown, options: unknown = {}) =>
  attachCgroup(program as typeof one, path as string, options as AttachCgroupOptions<'connect4'>)

describe('a path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-socket-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([
    ['a folder of another filesystem', folder],
    ['nothing', `${cgroupRoot()}/no-such-group`],
    ['a file', `${cgroupRoot()}/cgroup.procs`],
    ['nothing, below a file', `${cgroupRoot()}/cgroup.procs/x`],
    ['/', '/'],
  ])('of %s is refused, with where cgroup v2 is', (_, path) => {
    for (const call of [() => attachCgroup(one, path), () => queryCgroup(path, { hook: 'connect4' })]) {
      expect(call).toThrow(ArgumentError)
      expect(call).toThrow(
        `cgroup is '${path}', expected the folder of a control group of cgroup v2, which is mounted on /`,
      )
      expect(call).toThrow(cgroupRoot())
    }
  })

  it.each([['', 5, null, undefined, 'a\0b']])('is a string and not %j', (path) => {
    expect(() => loosely(one, path)).toThrow(ArgumentError)
  })

  it('as it would be elsewhere gets a suggestion', () => {
    const [, name] = cgroup.path.split(cgroupRoot())
    const elsewhere = `/sys/fs/cgroup${name}`
    if (elsewhere === cgroup.path) return
    for (const path of [elsewhere, `/sys/fs/cgroup/cpu${name}`]) {
      expect(() => attachCgroup(one, path)).toThrow(`did you mean ${cgroup.path}?`)
    }
  })
})

describe('a program', () => {
  it('is one of a kind for control groups', () => {
    expect(() => loosely(notCgroup, cgroup.path)).toThrow(
      "program.type is 'sched_cls', expected cgroup_sock_addr, cgroup_skb, cgroup_sock, sock_ops",
    )
    expect(() => loosely({}, cgroup.path)).toThrow(/expected a loaded or opened Program of type cgroup_sock_addr/)
    expect(() => loosely(undefined, cgroup.path)).toThrow(ArgumentError)
  })

  it('is not closed', () => {
    const other = loadSync(turns)
    other.close()
    expect(() => attachCgroup(other.programs.one, cgroup.path)).toThrow(ClosedError)
  })

  it('is for the hook that is asked for', () => {
    expect(() => loosely(one, cgroup.path, { hook: 'bind4' })).toThrow(
      "program.section is 'cgroup/connect4', expected cgroup/bind4, as this is the hook bind4",
    )
    expect(() => loosely(one, cgroup.path, { hook: 'ingress' })).toThrow(
      "program.type is 'cgroup_sock_addr', expected cgroup_skb",
    )
    using attachment = attachCgroup(one, cgroup.path)
    expect(() => attachment.update(bound as never)).toThrow(
      "program.section is 'cgroup/bind4', expected cgroup/connect4, as this is the hook connect4",
    )
    expect(() => attachment.update(notCgroup as never)).toThrow(/expected cgroup_sock_addr/)
    expect(() => attachment.update(one, { expectedOld: notCgroup as never })).toThrow(/options\.expectedOld\.type/)
    expect(attachment.programId).toBe(one.id)
  })
})

describe('options', () => {
  it.each([
    [{ hok: 'connect4' }, /hok.*did you mean hook\?/],
    [{ hook: 'conect4' }, /options\.hook is 'conect4'.*did you mean connect4\?/],
    [{ mode: 'mutli' }, /options\.mode is 'mutli'.*did you mean multi\?/],
    [{ mechanism: 'netlink' }, /options\.mechanism is 'netlink', expected one of auto, link, direct/],
    [
      { mechanism: 'link', mode: 'exclusive' },
      /options\.mechanism is 'link', expected 'direct' or 'auto' with this mode/,
    ],
    [{ order: 'frist' }, /options\.order is 'frist', expected 'first', 'last', .*did you mean first\?/],
    [{ order: { before: one, after: one } }, /options\.order is .*expected 'first'/],
    [{ order: null }, /options\.order is null, expected 'first', 'last'/],
    [{ order: {} }, /options\.order is \{\}, expected 'first'/],
    [{ order: { befor: one } }, /befor.*did you mean before\?/],
    [{ order: { before: 7 } }, /options\.order\.before is 7, expected an attachment, a Program/],
    [{ order: { before: {} } }, /options\.order\.before is \{\}, expected an attachment/],
    [{ order: { before: { programId: 0 } } }, /options\.order\.before\.programId is 0, expected an integer from 1/],
    [{ order: { before: { linkId: 1.5 } } }, /options\.order\.before\.linkId is 1\.5/],
    [{ order: { before: { name: '' } } }, /options\.order\.before\.name is ''/],
    [{ order: { before: { programId: 1, linkId: 1 } } }, /options\.order\.before is /],
    [{ preorder: 1 }, /options\.preorder is 1, expected true or false/],
    [{ expectedRevision: 3 }, /options\.expectedRevision is 3, expected a revision, a positive bigint/],
    [{ expectedRevision: 0n }, /options\.expectedRevision is 0n/],
    [{ expectedRevision: 1n << 64n }, /options\.expectedRevision is 18446744073709551616n/],
    [null, /options is null, expected an object/],
  ])('%o are refused', (options, message) => {
    const attach = () => loosely(one, cgroup.path, options)
    expect(attach).toThrow(ArgumentError)
    expect(attach).toThrow(message)
    expect(queryCgroup(cgroup.path, { hook: 'connect4' }).programs).toEqual([])
  })

  it.each([
    [{}, /options\.hook is undefined, expected one of connect4/],
    [{ hook: 'egres' }, /did you mean egress\?/],
    [{ hook: 'egress', effective: 1 }, /options\.effective is 1/],
    [{ hook: 'egress', pids: 'yes' }, /options\.pids is 'yes'/],
    [{ hook: 'egress', pid: true }, /did you mean pids\?/],
  ])('of a query, %o, are refused', (options, message) => {
    const query = () => queryCgroup(cgroup.path, options as never)
    expect(query).toThrow(ArgumentError)
    expect(query).toThrow(message)
  })
})

it('nothing can be done with what was closed', () => {
  const closed = attachCgroup(one, cgroup.path)
  const { link } = closed
  closed.close()
  expect(closed.closed).toBe(true)
  for (const use of [() => closed.update(one), () => closed.query(), () => closed.detach(), () => closed.programId]) {
    expect(use).toThrow(ClosedError)
    expect(use).toThrow(/attachment connect4 of .* was used after it was closed/)
  }
  expect(() => attachCgroup(one, cgroup.path, { order: { before: closed } })).toThrow(ClosedError)
  if (link !== undefined) expect(() => attachCgroup(one, cgroup.path, { order: { after: link } })).toThrow(ClosedError)
})
