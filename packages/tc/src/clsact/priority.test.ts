import { AnchorGoneError } from '@millrace/core'
import type { NativeFilter } from '@millrace/core/internal'
import { describe, expect, it } from 'vitest'
import { NoPriorityError } from '../errors/index.js'
import type { Position } from '../mechanism.js'
import { entryOf } from './filter.js'
import { choosePlace } from './priority.js'

const HOOK = 'tc ingress on eth0'

/** Theirs unless it has our name. */
function filter(priority: number, fields: Partial<NativeFilter> = {}): NativeFilter {
  return {
    priority,
    handle: 1,
    protocol: 3,
    chain: 0,
    kind: 'bpf',
    name: 'theirs',
    programId: 1,
    directAction: true,
    ...fields,
  }
}

const ours = (priority: number, handle = 1) => filter(priority, { handle, name: 'millrace/ours' })
const before = (anchor: NativeFilter): Position => ({ at: 'before', anchor: entryOf(anchor) })
const after = (anchor: NativeFilter): Position => ({ at: 'after', anchor: entryOf(anchor) })
const choose = (filters: readonly NativeFilter[], position: Position) => choosePlace(HOOK, filters, position)

/** Adds as many of ours as can be, each where `position` says, and returns how many that were. */
function addUntilFull(filters: NativeFilter[], position: (filters: readonly NativeFilter[]) => Position): number {
  for (let count = 0; count < 1000; count++) {
    try {
      const place = choose(filters, position(filters))
      // The kernel puts the latest of one priority in front.
      const index = filters.findIndex(({ priority }) => priority >= place.priority)
      filters.splice(index < 0 ? filters.length : index, 0, ours(place.priority, place.handle))
    } catch (error) {
      expect(error).toBeInstanceOf(NoPriorityError)
      return count
    }
  }
  return Number.POSITIVE_INFINITY
}

describe('a place', () => {
  it('is in the middle when there is no filter, on either side of which others find room', () => {
    expect(choose([], { at: 'first' })).toEqual({ priority: 16384, handle: 1 })
    expect(choose([], { at: 'last' })).toEqual({ priority: 16384, handle: 1 })
  })

  it('at an end leaves room for others next to it', () => {
    const [low, high] = [filter(10_000), filter(20_000)]
    expect(choose([low, high], { at: 'first' }).priority).toBeLessThan(10_000 - 100)
    expect(choose([low, high], { at: 'last' }).priority).toBeGreaterThan(20_000 + 100)
  })

  it('at an end where little room is left is not the end', () => {
    expect(choose([filter(3)], { at: 'first' }).priority).toBe(2)
    expect(choose([filter(2)], { at: 'first' }).priority).toBe(1)
    expect(choose([filter(65_533)], { at: 'last' }).priority).toBe(65_534)
    expect(choose([filter(65_534)], { at: 'last' }).priority).toBe(65_535)
  })

  it('before or after a filter is between that and its neighbour', () => {
    const [low, middle, high] = [filter(100), filter(200), filter(300)]
    const filters = [low, middle, high]
    expect(choose(filters, before(middle)).priority).toBe(106)
    expect(choose(filters, after(middle)).priority).toBe(294)
    expect(choose(filters, before(low)).priority).toBeLessThan(100)
    expect(choose(filters, after(high)).priority).toBeGreaterThan(300)
    expect(choose([filter(7), filter(9)], before(filter(9))).priority).toBe(8)
  })

  it('is not between two foreign filters whose priorities are next to each other', () => {
    const filters = [filter(7), filter(8, { kind: 'u32', name: '', handle: 0x8000_0800 })] as const
    const [low, high] = filters
    expect(() => choose(filters, after(low))).toThrow(NoPriorityError)
    expect(() => choose(filters, before(high))).toThrow(
      'tc ingress on eth0 has no priority free between filter theirs (priority 7, handle 1) and ' +
        'filter u32 (priority 8, handle 2147485696); nothing was changed. ' +
        'Give one of them another priority, or choose another place',
    )
  })

  it('is not beyond what there is', () => {
    expect(() => choose([filter(1)], { at: 'first' })).toThrow(
      /no priority free before filter theirs \(priority 1, handle 1\)/,
    )
    expect(() => choose([filter(65_535)], { at: 'last' })).toThrow(/no priority free after filter theirs/)
    expect(() => choose([ours(65_535)], { at: 'last' })).toThrow(NoPriorityError)
  })

  it('is in front of our own of the same priority where there is no other', () => {
    expect(choose([ours(1)], { at: 'first' })).toEqual({ priority: 1, handle: 2 })
    expect(choose([ours(1, 2), ours(1, 1)], { at: 'first' })).toEqual({ priority: 1, handle: 3 })
    expect(choose([ours(1, 3), ours(1, 1)], { at: 'first' })).toEqual({ priority: 1, handle: 2 })
    expect(choose([filter(7), ours(8)], after(filter(7)))).toEqual({ priority: 8, handle: 2 })
  })

  it('is never beside a foreign filter of the same priority', () => {
    expect(() => choose([ours(1, 2), filter(1)], { at: 'first' })).toThrow(NoPriorityError)
  })

  it('is not in the middle of filters of one priority', () => {
    const [second, first] = [ours(5, 2), ours(5, 1)]
    expect(() => choose([second, first], after(second))).toThrow(NoPriorityError)
    expect(() => choose([second, first], before(first))).toThrow(NoPriorityError)
    expect(choose([second, first], before(second)).priority).toBe(4)
    expect(choose([second, first], after(first)).priority).toBeGreaterThan(5)
  })

  it('is not at an anchor that is gone, or became another', () => {
    expect(() => choose([filter(5)], before(filter(6)))).toThrow(AnchorGoneError)
    expect(() => choose([filter(5)], before(filter(5, { handle: 2 })))).toThrow(
      'filter theirs (priority 5, handle 2) does not stand on tc ingress on eth0; nothing was changed',
    )
    expect(() => choose([filter(5)], after(filter(5, { kind: 'u32' })))).toThrow(AnchorGoneError)
  })
})

describe('room', () => {
  it('is there for hundreds at the end, and for any number at the beginning', () => {
    expect(addUntilFull([], () => ({ at: 'last' }))).toBeGreaterThan(400)
    expect(addUntilFull([], () => ({ at: 'first' }))).toBe(Number.POSITIVE_INFINITY)
  })

  it('lasts for hundreds of programs that come last while those before them go', () => {
    let last = ours(16_384)
    const priorities = new Set<number>()
    for (let count = 0; count < 400; count++) {
      last = ours(choose([last], { at: 'last' }).priority)
      priorities.add(last.priority)
    }
    expect(priorities.size).toBe(400)
  })

  it('between two of ours is enough for fifty at the same anchor', () => {
    const [low, high] = [ours(16_384), ours(16_384 + 256)]
    expect(addUntilFull([low, high], () => before(high))).toBeGreaterThan(50)
    expect(addUntilFull([low, high], () => after(low))).toBeGreaterThan(50)
    const [foreign, next] = [filter(16_384), filter(16_384 + 256)]
    expect(addUntilFull([foreign, next], () => before(next))).toBeGreaterThan(50)
    expect(addUntilFull([foreign, next], () => after(foreign))).toBeGreaterThan(50)
  })
})
