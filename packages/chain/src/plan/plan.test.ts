import { describe, expect, it } from 'vitest'
import { type Placed, planChange } from './plan.js'

type Instance = Placed<string> & { readonly settled: boolean }

const instances = (stages: string): Instance[] => [...stages].map((stage) => ({ stage, settled: true }))
const names = (list: readonly Placed<string>[]) => list.map(({ stage }) => stage).join('')

/** `kept|retired>fresh|kept`, of a chain in which all is settled unless `unsettledFrom` says otherwise. */
function planned(current: string, wanted: string, unsettledFrom = current.length): string | undefined {
  const placed = instances(current).map((it, index) => ({ ...it, settled: index < unsettledFrom }))
  const plan = planChange(placed, [...wanted])
  return plan && `${names(plan.before)}|${names(plan.retired)}>${plan.fresh.join('')}|${names(plan.after)}`
}

describe('a change of a chain at rest', () => {
  it.each([
    { what: 'the first stage', current: '', wanted: 'a', plan: '|>a|' },
    { what: 'a stage appended', current: 'ab', wanted: 'abc', plan: 'ab|>c|' },
    { what: 'a stage prepended', current: 'ab', wanted: 'xab', plan: '|>x|ab' },
    { what: 'a stage inserted', current: 'abc', wanted: 'abxc', plan: 'ab|>x|c' },
    { what: 'a stage replaced', current: 'abc', wanted: 'axc', plan: 'a|b>x|c' },
    { what: 'a stage removed', current: 'abc', wanted: 'ac', plan: 'a|b>|c' },
    { what: 'the first stage removed', current: 'abc', wanted: 'bc', plan: '|a>|bc' },
    { what: 'the last stage removed', current: 'abc', wanted: 'ab', plan: 'ab|c>|' },
    { what: 'all stages removed', current: 'abc', wanted: '', plan: '|abc>|' },
    { what: 'two stages exchanged', current: 'abcd', wanted: 'acbd', plan: 'a|bc>cb|d' },
    { what: 'a stage moved to the front', current: 'abcd', wanted: 'dabc', plan: '|abcd>dabc|' },
    { what: 'one stage more than once', current: 'aa', wanted: 'aaa', plan: 'aa|>a|' },
    { what: 'everything exchanged', current: 'abc', wanted: 'xyz', plan: '|abc>xyz|' },
  ])('$what', ({ current, wanted, plan }) => expect(planned(current, wanted)).toBe(plan))

  it('is none when nothing changes', () => {
    expect(planned('', '')).toBeUndefined()
    expect(planned('abc', 'abc')).toBeUndefined()
  })
})

describe('a change while packets of an older chain may be under way', () => {
  it('is not written where they would see it', () => {
    expect(planned('abcd', 'abxd', 2)).toBe('ab|c>x|d')
    expect(planned('abcd', 'abxd', 1)).toBe('a|bc>bx|d')
    expect(planned('abcd', 'abxd', 0)).toBe('|abc>abx|d')
    expect(planned('abcd', 'abcde', 1)).toBe('a|bcd>bcde|')
    expect(planned('abcd', 'abc', 1)).toBe('a|bcd>bc|')
  })

  it('may lead to instances that they are in', () => {
    expect(planned('abcd', 'axbcd', 1)).toBe('a|>x|bcd')
    expect(planned('abcd', 'bcd', 1)).toBe('|a>|bcd')
  })

  it('is none when nothing changes', () => {
    expect(planned('abc', 'abc', 0)).toBeUndefined()
  })
})
