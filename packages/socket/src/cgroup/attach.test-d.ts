import type { LoadedObject, Program } from '@millrace/core'
import { expectTypeOf, test } from 'vitest'
import type { turns } from '../../test/generated/turns.bpf.js'
import { attachCgroup, type CgroupAttachment, type CgroupHookOf, queryCgroup } from './index.js'

declare const loaded: LoadedObject<typeof turns>['programs']
declare const opened: Program<'cgroup_sock_addr'>
declare const openedOps: Program<'sock_ops'>
declare const any: Program

test('the section of a loaded program tells its hook', () => {
  expectTypeOf(attachCgroup(loaded.one, '/cgroup')).toEqualTypeOf<CgroupAttachment<'connect4'>>()
  expectTypeOf(attachCgroup(loaded.received, '/cgroup', { mode: 'override' })).toEqualTypeOf<
    CgroupAttachment<'ingress'>
  >()
  expectTypeOf(attachCgroup(loaded.created, '/cgroup')).toEqualTypeOf<CgroupAttachment<'sock_create'>>()
  expectTypeOf(attachCgroup(loaded.told, '/cgroup')).toEqualTypeOf<CgroupAttachment<'sock_ops'>>()
  expectTypeOf(attachCgroup(loaded.one, '/cgroup', { hook: 'connect4' })).toEqualTypeOf<CgroupAttachment<'connect4'>>()
  // @ts-expect-error its section is for connect4
  attachCgroup(loaded.one, '/cgroup', { hook: 'bind4' })
  // @ts-expect-error its section is for connect4
  attachCgroup(loaded.one, '/cgroup', { hook: 'egress' })
})

test('an opened program has to be told its hook, one of its kind', () => {
  expectTypeOf(attachCgroup(opened, '/cgroup', { hook: 'bind6' })).toEqualTypeOf<CgroupAttachment<'bind6'>>()
  expectTypeOf(attachCgroup(openedOps, '/cgroup')).toEqualTypeOf<CgroupAttachment<'sock_ops'>>()
  // @ts-expect-error which?
  attachCgroup(opened, '/cgroup')
  // @ts-expect-error for programs of another kind
  attachCgroup(opened, '/cgroup', { hook: 'egress' })
  // @ts-expect-error in which direction?
  attachCgroup(loaded.eitherWay, '/cgroup')
  expectTypeOf(attachCgroup(loaded.eitherWay, '/cgroup', { hook: 'egress' })).toEqualTypeOf<
    CgroupAttachment<'egress'>
  >()
  // @ts-expect-error it is for packets
  attachCgroup(loaded.eitherWay, '/cgroup', { hook: 'connect4' })
})

test('no other program attaches', () => {
  // @ts-expect-error a tc program
  attachCgroup(loaded.notCgroup, '/cgroup')
  // @ts-expect-error a tc program
  attachCgroup(loaded.notCgroup, '/cgroup', { hook: 'ingress' })
  // @ts-expect-error of a kind that is not known
  attachCgroup(any, '/cgroup', { hook: 'connect4' })
})

test('only a program for the same hook takes the place of one', () => {
  const attachment = attachCgroup(loaded.one, '/cgroup')
  attachment.update(loaded.two)
  attachment.update(opened)
  attachment.update(loaded.two, { expectedOld: opened })
  // @ts-expect-error for bind4
  attachment.update(loaded.bound)
  // @ts-expect-error a tc program
  attachment.update(loaded.notCgroup)
  // @ts-expect-error a program for packets
  attachment.update(loaded.received)
  attachCgroup(loaded.received, '/cgroup').update(loaded.eitherWay)
})

test('options', () => {
  const attachment = attachCgroup(loaded.one, '/cgroup')
  attachCgroup(loaded.two, '/cgroup', { order: { before: attachment } })
  attachCgroup(loaded.two, '/cgroup', { order: { after: { name: 'one' } }, expectedRevision: 3n, preorder: true })
  attachCgroup(loaded.received, '/cgroup', { order: { after: attachment } })
  // @ts-expect-error misspelt
  attachCgroup(loaded.one, '/cgroup', { order: 'frist' })
  // @ts-expect-error no such anchor
  attachCgroup(loaded.one, '/cgroup', { order: { before: 'one' } })
  // @ts-expect-error a revision is a bigint
  attachCgroup(loaded.one, '/cgroup', { expectedRevision: 3 })
  // @ts-expect-error no such mechanism
  attachCgroup(loaded.one, '/cgroup', { mechanism: 'netlink' })
  // @ts-expect-error which hook?
  queryCgroup('/cgroup', {})
})

test('hooks by type', () => {
  expectTypeOf<CgroupHookOf<Program<'cgroup_skb'>>>().toEqualTypeOf<'ingress' | 'egress'>()
  expectTypeOf<CgroupHookOf<Program<'cgroup_sock', 'cgroup/sock'>>>().toEqualTypeOf<'sock_create'>()
  expectTypeOf<CgroupHookOf<Program<'xdp', 'xdp'>>>().toBeNever()
})
