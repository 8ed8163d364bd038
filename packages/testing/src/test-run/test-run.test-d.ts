import { expectTypeOf, it } from 'vitest'
import { packet } from '../packet/index.js'
import { type TestableProgram, testRun } from './test-run.js'

declare const xdp: TestableProgram<'xdp'>
declare const tc: TestableProgram<'sched_cls'>
declare const filter: TestableProgram<'socket_filter'>

it('names the verdicts of the kind of program', () => {
  type Xdp = 'aborted' | 'drop' | 'pass' | 'tx' | 'redirect' | 'invalid'
  expectTypeOf(testRun(xdp, packet()).action).toEqualTypeOf<Xdp>()
  expectTypeOf(testRun(tc, packet()).action).extract<'shot' | 'drop'>().toEqualTypeOf<'shot'>()
  expectTypeOf(testRun(filter, packet()).action).toEqualTypeOf<undefined>()
})

it('takes the context of the kind of program', () => {
  testRun(tc, packet(), { context: { mark: 1 } })
  // @ts-expect-error XDP knows no mark
  testRun(xdp, packet(), { context: { mark: 1 } })
  // @ts-expect-error a socket filter has no context in a test run
  testRun(filter, packet(), { context: {} })
})
