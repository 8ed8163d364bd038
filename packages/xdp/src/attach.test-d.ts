import type { Program } from '@millrace/core'
import { expectTypeOf, test } from 'vitest'
import { type AttachedXdp, attachXdp, queryXdp, type XdpAction, type XdpAttachment, xdpActionName } from './index.js'

declare const xdp: Program<'xdp'>
declare const tc: Program<'sched_cls'>
declare const any: Program

test('only an XDP program attaches', () => {
  expectTypeOf(attachXdp(xdp, 'eth0')).toEqualTypeOf<XdpAttachment>()
  expectTypeOf(attachXdp(xdp, 2, { mode: 'native', mechanism: 'link', replace: true })).toEqualTypeOf<XdpAttachment>()
  // @ts-expect-error a tc program
  attachXdp(tc, 'eth0')
  // @ts-expect-error a program of a kind that is not known
  attachXdp(any, 'eth0')
  // @ts-expect-error a tc program
  attachXdp(xdp, 'eth0').update(tc)
})

test('options are checked', () => {
  // @ts-expect-error no such mode
  attachXdp(xdp, 'eth0', { mode: 'skb' })
  // @ts-expect-error misspelt
  attachXdp(xdp, 'eth0', { expectOld: xdp })
  // @ts-expect-error a tc program
  attachXdp(xdp, 'eth0', { expectedOld: tc })
  // @ts-expect-error neither name nor index
  attachXdp(xdp, { name: 'eth0' })
})

test('results', () => {
  expectTypeOf(queryXdp('eth0')).toEqualTypeOf<AttachedXdp[]>()
  expectTypeOf<XdpAction>().toEqualTypeOf<0 | 1 | 2 | 3 | 4>()
  expectTypeOf(xdpActionName(1)).toEqualTypeOf<'aborted' | 'drop' | 'pass' | 'tx' | 'redirect' | `action ${number}`>()
})
