import { expect, it } from 'vitest'
import { TcAction, TcxAction, tcActionName } from './index.js'

it('names verdicts as the kernel numbers them', () => {
  expect(Object.values(TcAction).map(tcActionName)).toEqual([
    'unspec',
    'ok',
    'reclassify',
    'shot',
    'pipe',
    'stolen',
    'queued',
    'repeat',
    'redirect',
    'trap',
  ])
  expect(Object.values(TcxAction).map(tcActionName)).toEqual(['unspec', 'ok', 'shot', 'redirect'])
})

it('names -1 also when it comes as a u32', () => {
  expect(tcActionName(0xffff_ffff)).toBe('unspec')
})

it.each([9, -2, 1.5])('names %d, which is no verdict, by itself', (action) => {
  expect(tcActionName(action)).toBe(`action ${action}`)
})
