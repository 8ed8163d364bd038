import type { Link, Program } from '@millrace/core'
import { expectTypeOf, test } from 'vitest'
import {
  type AdoptOrder,
  type AttachedTc,
  adoptTc,
  attachNetkit,
  attachTc,
  type Order,
  type PurgedTc,
  purgeTc,
  queryNetkit,
  queryTc,
  type TcAction,
  type TcAttachment,
  type TcState,
  type TcxAction,
  tcActionName,
} from './index.js'

declare const tc: Program<'sched_cls'>
declare const xdp: Program<'xdp'>
declare const any: Program
declare const link: Link
declare const attachment: TcAttachment

test('only a tc program attaches', () => {
  expectTypeOf(attachTc(tc, 'eth0', { direction: 'ingress' })).toEqualTypeOf<TcAttachment>()
  expectTypeOf(attachNetkit(tc, 'nk0', { endpoint: 'peer' })).toEqualTypeOf<TcAttachment>()
  expectTypeOf(adoptTc(tc, 2, { direction: 'egress', name: 'guard' })).toEqualTypeOf<TcAttachment>()
  // @ts-expect-error an XDP program
  attachTc(xdp, 'eth0', { direction: 'ingress' })
  // @ts-expect-error an XDP program
  adoptTc(xdp, 'eth0', { direction: 'ingress', name: 'guard' })
  // @ts-expect-error an XDP program
  attachNetkit(xdp, 'nk0', { endpoint: 'peer' })
  // @ts-expect-error a program of a kind that is not known
  attachTc(any, 'eth0', { direction: 'ingress' })
  // @ts-expect-error an XDP program
  attachment.update(xdp)
})

test('a hook has a side', () => {
  // @ts-expect-error ingress or egress?
  attachTc(tc, 'eth0', {})
  // @ts-expect-error ingress or egress?
  attachTc(tc, 'eth0')
  // @ts-expect-error that is netkit's
  attachTc(tc, 'eth0', { endpoint: 'peer' })
  // @ts-expect-error that is tc's
  attachNetkit(tc, 'nk0', { direction: 'ingress' })
  // @ts-expect-error no such side
  queryTc('eth0', { direction: 'both' })
})

test('orders', () => {
  const orders: readonly Order[] = [
    'first',
    'last',
    { before: attachment },
    { after: any },
    { replace: link },
    { before: { programId: 1 } },
    { after: { linkId: 1 } },
    { replace: { name: 'guard' } },
  ]
  for (const order of orders) attachTc(tc, 'eth0', { direction: 'ingress', order })
  // @ts-expect-error no such place
  attachTc(tc, 'eth0', { direction: 'ingress', order: 'middle' })
  // @ts-expect-error an id is of a program or of a link
  attachTc(tc, 'eth0', { direction: 'ingress', order: { before: { id: 1 } } })
  // @ts-expect-error two places
  attachTc(tc, 'eth0', { direction: 'ingress', order: { before: link, after: link } })
  // @ts-expect-error two anchors
  attachTc(tc, 'eth0', { direction: 'ingress', order: { before: { programId: 1, linkId: 1 } } })
  // @ts-expect-error a revision is a bigint
  attachTc(tc, 'eth0', { direction: 'ingress', expectedRevision: 1 })
})

test('what has the members of an order by chance is none', () => {
  expectTypeOf<string>().not.toExtend<Order>()
  expectTypeOf<'middle'>().not.toExtend<Order>()
  // A string has `replace`, which is a function, and a function has a name.
  expectTypeOf<InstanceType<typeof String>>().not.toExtend<Order>()
  expectTypeOf<{ replace: string }>().not.toExtend<Order>()
  expectTypeOf<{ before: () => void }>().not.toExtend<Order>()
  expectTypeOf<{ before: Link; replace: Link }>().not.toExtend<Order>()
  expectTypeOf<{ before: { name: string; programId: number } }>().not.toExtend<Order>()
})

test('adoption', () => {
  expectTypeOf<'first' | 'last'>().toExtend<AdoptOrder>()
  expectTypeOf<{ before: Link }>().toExtend<AdoptOrder>()
  expectTypeOf<{ replace: Link }>().not.toExtend<AdoptOrder>()
  // @ts-expect-error it has to have a name
  adoptTc(tc, 'eth0', { direction: 'ingress' })
  // @ts-expect-error it replaces what has its own name
  adoptTc(tc, 'eth0', { direction: 'ingress', name: 'guard', order: { replace: link } })
})

test('results', () => {
  expectTypeOf(queryTc('eth0', { direction: 'ingress' })).toEqualTypeOf<TcState>()
  expectTypeOf(queryNetkit('nk0', { endpoint: 'primary' })).toEqualTypeOf<TcState>()
  expectTypeOf(attachment.query()).toEqualTypeOf<AttachedTc | undefined>()
  expectTypeOf(attachment.link).toEqualTypeOf<Link | undefined>()
  expectTypeOf(attachment.mechanism).toEqualTypeOf<'tcx' | 'clsact' | 'netkit'>()
  expectTypeOf(purgeTc()).toEqualTypeOf<PurgedTc[]>()
  expectTypeOf<TcAction>().toEqualTypeOf<-1 | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8>()
  expectTypeOf<TcxAction>().toEqualTypeOf<-1 | 0 | 2 | 7>()
  expectTypeOf(tcActionName(2)).extract<'shot' | 'drop'>().toEqualTypeOf<'shot'>()
})
