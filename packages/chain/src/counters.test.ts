import { describe, expect, it } from 'vitest'
import { passedOn, sumCounters } from './counters.js'

/** The row of a CPU. */
const row = (
  packets: number,
  bytes: number,
  nanoseconds: number,
  missed: number,
  verdicts: Record<number, number> = {},
) =>
  [packets, bytes, nanoseconds, missed, ...Array.from({ length: 12 }, (_, index) => verdicts[index] ?? 0)].map(BigInt)

describe('counters of a stage', () => {
  it('are the sums over all CPUs', () => {
    const rows = BigUint64Array.from([...row(10, 1000, 500, 1, { 1: 3, 11: 1 }), ...row(5, 300, 0, 0, { 1: 2, 2: 1 })])
    const counters = sumCounters(rows)
    expect(counters).toMatchObject({ packets: 15n, bytes: 1300n, nanoseconds: 500n, missed: 1n })
    expect(counters.verdicts).toEqual([0n, 5n, 1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 1n])
  })

  it('tell what went on to the next stage', () => {
    expect(passedOn(sumCounters(BigUint64Array.from(row(10, 0, 0, 1, { 1: 3, 4: 2 }))))).toBe(4n)
  })

  it('that were read while a packet was decided do not go below none', () => {
    expect(passedOn(sumCounters(BigUint64Array.from(row(2, 0, 0, 0, { 1: 3 }))))).toBe(0n)
  })
})
