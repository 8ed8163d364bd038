import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance, suggest } from './suggest.js'

describe('suggest', () => {
  const options = ['constants', 'maps', 'pinRoot', 'omit', 'btf', 'logLevel', 'signal']

  it.each([
    ['constant', 'constants'],
    ['cosntants', 'constants'],
    ['pinroot', 'pinRoot'],
    ['loglevel', 'logLevel'],
    ['singal', 'signal'],
    ['map', 'maps'],
  ])('takes %s for %s', (slip, meant) => {
    expect(suggest(slip, options)).toBe(meant)
  })

  it('does not suggest another word', () => {
    expect(suggest('interface', options)).toBeUndefined()
    expect(suggest('x', [])).toBeUndefined()
  })
})

describe('editDistance', () => {
  it('is a distance', () => {
    const word = fc.string({ maxLength: 12 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b)
        expect(editDistance(b, a)).toBe(distance)
        expect(distance === 0).toBe(a === b)
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      }),
    )
  })

  it('counts a swap of neighbours as one step', () => {
    expect(editDistance('config', 'confgi')).toBe(1)
  })
})
