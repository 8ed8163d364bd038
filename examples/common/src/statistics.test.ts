import { describe, expect, it } from 'vitest'
import { median, Rate } from './statistics.js'

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
