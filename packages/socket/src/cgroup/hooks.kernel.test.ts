import { execFileSync } from 'node:child_process'
import { ArgumentError, load, Program } from '@millrace/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sock } from '../../../../bpf/test/generated/sock.bpf.js'
import { sockAddr } from '../../../../bpf/test/generated/sock_addr.bpf.js'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { makeCgroup, type TestCgroup } from '../../test/cgroup.js'
import { turns } from '../../test/generated/turns.bpf.js'
import { cgroupHookNames, cgroupHooks } from './hooks.js'
import { attachCgroup, type CgroupProgramType, queryCgroup } from './index.js'

const bpffs = useBpffs()
const object = await load(turns)
const addresses = await load(sockAddr)
const sockets = await load(sock)
let cgroup: TestCgroup

beforeAll(async () => {
  cgroup = await makeCgroup()
})
afterAll(async () => {
  await cgroup.remove()
  for (const it of [object, addresses, sockets]) it.close()
})

/** A program for each hook, which the hook's name finds. */
const programs: Record<string, Program<CgroupProgramType>> = {
  ...addresses.programs,
  ingress: object.programs.received,
  egress: sockets.programs.sent,
  sock_create: sockets.programs.sockCreate,
  sock_release: sockets.programs.sockRelease,
  post_bind4: sockets.programs.postBind4,
  post_bind6: sockets.programs.postBind6,
  sock_ops: object.programs.told,
}

/** What bpftool calls them. */
const others: Readonly<Record<string, string>> = {
  ingress: 'cgroup_inet_ingress',
  egress: 'cgroup_inet_egress',
  sock_create: 'cgroup_inet_sock_create',
  sock_release: 'cgroup_inet_sock_release',
  post_bind4: 'cgroup_inet4_post_bind',
  post_bind6: 'cgroup_inet6_post_bind',
  sock_ops: 'cgroup_sock_ops',
}
const bpftoolName = (hook: string) =>
  others[hook] ??
  hook.replace(/^(.*)([46])$/, (_, call, family) => `cgroup_${/msg$/.test(call) ? 'udp' : 'inet'}${family}_${call}`)

describe.each(cgroupHookNames)('%s', (hook) => {
  const program = programs[hook]

  it('is what the section of a program says, and what bpftool shows', () => {
    if (program === undefined) throw new Error(`no program for ${hook}`)
    using attachment = attachCgroup(program as typeof object.programs.one, cgroup.path)
    expect(attachment.hook).toBe(hook)
    const shown = execFileSync('bpftool', ['--json', 'link', 'show', 'id', String(attachment.link?.id)], {
      encoding: 'utf8',
    })
    expect(JSON.parse(shown)).toMatchObject({ type: 'cgroup', attach_type: bpftoolName(hook), prog_id: program.id })
    expect(queryCgroup(cgroup.path, { hook }).programs.map((it) => it.program.id)).toEqual([program.id])
  })

  it('is told for a program that was opened', () => {
    if (program === undefined) throw new Error(`no program for ${hook}`)
    using opened = Program.openById(program.id).as(cgroupHooks[hook].type)
    // The compiler cannot follow a hook from a table.
    using attachment = attachCgroup(opened as Program<'sock_ops'>, cgroup.path, { hook: hook as 'sock_ops' })
    expect(attachment).toMatchObject({ hook, programId: program.id })
  })
})

describe('a program that was opened', () => {
  it('has to be told its hook, unless there is only one', () => {
    object.programs.one.pin(`${bpffs.path}/one`)
    using opened = Program.open(`${bpffs.path}/one`).as('cgroup_sock_addr')
    // @ts-expect-error the compiler knows, too
    const attach = () => attachCgroup(opened, cgroup.path)
    expect(attach).toThrow(ArgumentError)
    expect(attach).toThrow(
      /options\.hook is undefined, expected one of connect4, connect6, bind4, .*the section of program one/,
    )
    using told = Program.openById(object.programs.told.id).as('sock_ops')
    using attachment = attachCgroup(told, cgroup.path)
    expect(attachment.hook).toBe('sock_ops')
  })

  it('is refused at a hook that it was not loaded for', () => {
    using opened = Program.openById(object.programs.one.id).as('cgroup_sock_addr')
    const attach = () => attachCgroup(opened, cgroup.path, { hook: 'bind4' })
    expect(attach).toThrow(ArgumentError)
    expect(attach).toThrow(/options\.hook is 'bind4', expected the hook that program one was loaded for/)
  })
})

it('a program for packets of either direction has to be told which', () => {
  const { eitherWay } = object.programs
  using incoming = attachCgroup(eitherWay, cgroup.path, { hook: 'ingress' })
  using outgoing = attachCgroup(eitherWay, cgroup.path, { hook: 'egress' })
  expect([incoming.hook, outgoing.hook]).toEqual(['ingress', 'egress'])
  // @ts-expect-error the compiler knows, too
  expect(() => attachCgroup(eitherWay, cgroup.path)).toThrow(/expected one of ingress, egress/)
})

it('the older name of a section does as well', () => {
  using attachment = attachCgroup(object.programs.created, cgroup.path)
  expect(attachment.hook).toBe('sock_create')
})
