import { expect, it } from 'vitest'
import { inOrder, type Ranked } from './order.js'

const ranked = (fields: Partial<Ranked>): Ranked => ({ priority: 50, name: 'x', tag: '00', loadTime: 0n, ...fields })

it.each([
  ['priority, as a number', { priority: 9, name: 'z' }, { priority: 10, name: 'a' }],
  ['name', { name: 'Zebra', tag: 'ff' }, { name: 'apple', tag: '00' }],
  ['name, a shorter one first', { name: 'filter', tag: 'ff' }, { name: 'filter_more', tag: '00' }],
  ['tag', { tag: '0a', loadTime: 2n }, { tag: 'a0', loadTime: 1n }],
  ['time of loading', { loadTime: 9n }, { loadTime: 10n }],
])('orders by %s', (_, first, second) => {
  const [a, b] = [ranked(first), ranked(second)]
  expect(inOrder([b, a])).toEqual([a, b])
  expect(inOrder([a, b])).toEqual([a, b])
})

it('leaves what it is given as it is', () => {
  const given = [ranked({ priority: 2 }), ranked({ priority: 1 })]
  inOrder(given)
  expect(given.map(({ priority }) => priority)).toEqual([2, 1])
})
