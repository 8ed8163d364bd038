import { ArgumentError } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { DuplicateStageError, UnknownStageError } from '../errors/index.js'
import { checkDistinct, indexOf, moved } from './stage-list.js'

const stages = (names: string) => [...names].map((name) => ({ name }))
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join('')

describe('a stage by its name', () => {
  it('is found', () => expect(indexOf(stages('abc'), 'b')).toBe(1))

  it('or is an error that names those that there are', () => {
    const list = [{ name: 'firewall' }, { name: 'lb' }]
    expect(() => indexOf(list, 'firewal')).toThrow(UnknownStageError)
    expect(() => indexOf(list, 'firewal')).toThrow(
      'the chain has no stage firewal: it has firewall, lb; did you mean firewall?',
    )
    expect(() => indexOf([], 'nat')).toThrow('the chain has no stage nat: it is empty')
  })

  it('is the only one of that name', () => {
    checkDistinct(stages('abc'))
    expect(() => checkDistinct(stages('aba'))).toThrow(DuplicateStageError)
  })
})

describe('moving a stage', () => {
  it.each([
    { to: 'first', result: 'cabd' },
    { to: 'last', result: 'abdc' },
    { to: { before: 'a' }, result: 'cabd' },
    { to: { before: 'b' }, result: 'acbd' },
    { to: { before: 'd' }, result: 'abcd' },
    { to: { after: 'a' }, result: 'acbd' },
    { to: { after: 'd' }, result: 'abdc' },
    { to: { after: 'c' }, result: 'abcd' },
    { to: { before: 'c' }, result: 'abcd' },
  ] as const)('$to', ({ to, result }) => expect(names(moved(stages('abcd'), 'c', to))).toBe(result))

  it('takes no other place, and no stage that is not there', () => {
    expect(() => moved(stages('abc'), 'x', 'first')).toThrow(UnknownStageError)
    expect(() => moved(stages('abc'), 'a', { after: 'x' })).toThrow(UnknownStageError)
    // @ts-expect-error no such place
    expect(() => moved(stages('abc'), 'a', 'front')).toThrow(ArgumentError)
    expect(() => moved(stages('abc'), 'a', { after: 'x' })).toThrow(/no stage x: it has a, b, c/)
    // @ts-expect-error no anchor
    expect(() => moved(stages('abc'), 'a', {})).toThrow(ArgumentError)
    // @ts-expect-error misspelt
    expect(() => moved(stages('abc'), 'a', { befor: 'b' })).toThrow(/did you mean before\?/)
  })

  it('takes one anchor, not two that contradict each other', () => {
    const to = { before: 'b', after: 'c' }
    expect(() => moved(stages('abc'), 'a', to)).toThrow(/expected first, last, { before: name } or { after: name }/)
    expect(() => moved(stages('abc'), 'a', { ...to, before: 'a' })).toThrow(ArgumentError)
  })
})
