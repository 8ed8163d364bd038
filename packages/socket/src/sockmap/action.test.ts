import { expect, test } from 'vitest'
import { SkAction, skActionName } from './action.js'

test('verdicts have the numbers of the kernel, and names', () => {
  expect(SkAction).toEqual({ Drop: 0, Pass: 1 })
  expect([0, 1, 7].map(skActionName)).toEqual(['drop', 'pass', 'action 7'])
})
