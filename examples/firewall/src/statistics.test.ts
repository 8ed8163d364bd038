import { describe, expect, it } from 'vitest'
import { countWithin } from './statistics.js'

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
