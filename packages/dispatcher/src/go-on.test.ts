import { ArgumentError } from '@millrace/core'
import { expect, it } from 'vitest'
import { checkGoOn, goOnMask, goOnNames } from './go-on.js'

it('has a bit for each verdict, by its number, and the one of an empty slot', () => {
  expect(goOnMask([])).toBe(0x8000_0000)
  expect(goOnMask(['pass'])).toBe(0x8000_0004)
  expect(goOnMask(['aborted', 'drop', 'tx', 'redirect'])).toBe(0x8000_001b)
  expect(goOnMask(['pass', 'pass'])).toBe(0x8000_0004)
})

it('names the verdicts of a mask, also of one that others have made', () => {
  expect(goOnNames(0x8000_0004)).toEqual(['pass'])
  expect(goOnNames(0x1f)).toEqual(['aborted', 'drop', 'pass', 'tx', 'redirect'])
  expect(goOnNames(0xffff_ffe0)).toEqual([])
})

it('checks the names', () => {
  expect(checkGoOn('options.goOn', ['drop', 'tx'])).toEqual(['drop', 'tx'])
  expect(() => checkGoOn('options.goOn', ['pass', 'dorp'])).toThrow(/options\.goOn\[1\].*drop/)
  expect(() => checkGoOn('options.goOn', 'pass')).toThrow(ArgumentError)
})
