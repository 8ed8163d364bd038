import { describe, expect, it } from 'vitest'
import { countWithin, median, Rate } from './statistics.js'

describe('median', () => {
  it('is the middle one', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([])).toBe(0)
  })
})

describe('Rate', () => {
  it('is the mean over the last half second', () => {
    const rate = new Rate()
    expect(rate.next(0, 0)).toBe(0)
    expect(rate.next(0.25, 50)).toBe(200)
    expect(rate.next(0.5, 100)).toBe(200)
    expect(rate.next(0.75, 100)).toBe(100)
    expect(rate.next(1, 100)).toBe(0)
  })
})

describe('countWithin', () => {
  const runs = [
    [0, 9],
    [20, 29],
    [35, 35],
  ] as const

  it.each([
    [0, 100, 21],
    [10, 20, 0],
    [9, 21, 2],
    [22, 25, 3],
    [35, 36, 1],
    [36, 99, 0],
  ])('counts those from %i up to %i', (from, to, expected) => {
    expect(countWithin(runs, from, to)).toBe(expected)
  })
})
