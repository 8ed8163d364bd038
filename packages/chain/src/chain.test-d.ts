import type { Program, RawMap } from '@millrace/core'
import { expectTypeOf, test } from 'vitest'
import { type StagePosition, type StageReport, TailCallChain } from './index.js'

declare const xdp: Program<'xdp'>
declare const tc: Program<'sched_cls'>
declare const any: Program
declare const onXdp: TailCallChain<'xdp'>
declare const onTc: TailCallChain<'tc'>

test('a chain takes the programs of its hook', () => {
  expectTypeOf(TailCallChain.create({ hook: 'xdp', interface: 'eth0' })).resolves.toEqualTypeOf<TailCallChain<'xdp'>>()
  expectTypeOf(TailCallChain.create({ hook: 'tc', interface: 1, direction: 'egress' })).resolves.toEqualTypeOf<
    TailCallChain<'tc'>
  >()
  onXdp.append('a', xdp)
  onTc.append('a', tc)
  // @ts-expect-error a tc program
  onXdp.append('a', tc)
  // @ts-expect-error an XDP program
  onTc.prepend('a', xdp)
  // @ts-expect-error a program of a kind that is not known
  onXdp.insertBefore('a', 'b', any)
  // @ts-expect-error a tc program
  onXdp.insertAfter('a', 'b', tc)
  // @ts-expect-error a tc program
  onXdp.replace('a', tc)
  // @ts-expect-error a tc program
  onXdp.apply(['a', { name: 'b', program: tc }])
  // @ts-expect-error neither is the chain of the other hook
  expectTypeOf(onXdp).toExtend<TailCallChain<'tc'>>()
})

test('options are those of the hook', () => {
  // @ts-expect-error tc needs a direction
  TailCallChain.create({ hook: 'tc', interface: 'eth0' })
  // @ts-expect-error XDP has none
  TailCallChain.create({ hook: 'xdp', interface: 'eth0', direction: 'ingress' })
  // @ts-expect-error misspelt
  TailCallChain.create({ hook: 'xdp', interface: 'eth0', pinroot: '/sys/fs/bpf' })
  // @ts-expect-error an end of tc
  TailCallChain.create({ hook: 'xdp', interface: 'eth0', end: 'next' })
  // @ts-expect-error without a name there is nothing to adopt
  TailCallChain.adopt({ hook: 'xdp', interface: 'eth0' })
  // @ts-expect-error programs of the other hook
  TailCallChain.adopt({ hook: 'xdp', interface: 'eth0', pin: 'edge', stages: { a: tc } })
  TailCallChain.adopt({ hook: 'tc', interface: 'eth0', direction: 'ingress', pin: 'edge', stages: { a: tc } })
  // @ts-expect-error a new stage has no counters to keep
  onXdp.append('a', xdp, { keepCounters: false })
  onXdp.replace('a', xdp, { keepCounters: false })
})

test('places and results', () => {
  expectTypeOf<'first' | 'last' | { before: 'a' } | { after: 'a' }>().toExtend<StagePosition>()
  // @ts-expect-error no such place
  onXdp.move('a', 'front')
  expectTypeOf(onXdp.stages()).toEqualTypeOf<StageReport[]>()
  expectTypeOf(onXdp.openMap('a', 'sessions')).toEqualTypeOf<RawMap>()
  expectTypeOf(onXdp.missed).toEqualTypeOf<bigint>()
})
