import { describe, expect, it } from 'vitest'
import * as check from './check.js'
import { ArgumentError } from './errors/index.js'

describe('checkOptions', () => {
  it('takes an object with known members, and none', () => {
    check.checkOptions('options', { a: 1 }, ['a', 'b'])
    check.checkOptions('options', {}, ['a'])
  })

  it('names a member that does not exist, and what was probably meant', () => {
    expect(() => check.checkOptions('options', { pinroot: '/x' }, ['pinRoot', 'omit'])).toThrow(
      "options is 'pinroot', expected one of the options pinRoot, omit; did you mean pinRoot?",
    )
  })

  it.each([[undefined], [null], [[]], ['x'], [1]])('refuses %o', (value) => {
    expect(() => check.checkOptions('options', value, [])).toThrow(ArgumentError)
  })
})

describe('checks', () => {
  it.each([
    ['checkInteger', () => check.checkInteger('n', 1.5, 0, 9), /n is 1\.5, expected an integer from 0 to 9/],
    ['checkInteger', () => check.checkInteger('n', 10, 0, 9), /n is 10/],
    ['checkInteger', () => check.checkInteger('n', Number.NaN, 0, 9), /n is NaN/],
    ['checkInteger', () => check.checkInteger('n', 1n, 0, 9), /n is 1n/],
    ['checkBoolean', () => check.checkBoolean('b', 'yes'), /b is 'yes', expected true or false/],
    ['checkString', () => check.checkString('s', ''), /s is ''/],
    ['checkString', () => check.checkString('s', 'a\0b'), /NUL/],
    ['checkBytes', () => check.checkBytes('d', [1]), /expected a Uint8Array/],
    ['checkOneOf', () => check.checkOneOf('m', 'nativ', ['native', 'generic']), /did you mean native/],
    ['checkSignal', () => check.checkSignal('s', {}), /expected an AbortSignal/],
  ])('%s names argument, value and what was expected', (_, call, message) => {
    expect(call).toThrow(ArgumentError)
    expect(call).toThrow(message)
  })

  it('hand back what is right', () => {
    expect(check.checkInteger('n', 9, 0, 9)).toBe(9)
    expect(check.checkOneOf('m', 'native', ['native', 'generic'])).toBe('native')
    expect(check.checkSignal('s', undefined)).toBeUndefined()
  })
})
