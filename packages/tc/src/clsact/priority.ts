import { AnchorGoneError } from '@millrace/core'
import type { NativeFilter } from '@millrace/core/internal'
import { entryText } from '../entry-text.js'
import { NoPriorityError } from '../errors/index.js'
import type { Position } from '../mechanism.js'
import { entryOf, isSamePlace } from './filter.js'
import { labelOf } from './label.js'

/** Where a filter stands: filters run by their priorities, those of one priority from the latest made to the first. */
export interface FilterPlace {
  readonly priority: number
  readonly handle: number
}

/**
 * The first filter of a hook: below those that iproute2 makes when it is told no priority (49152 and downwards), and far from 1,
 * which people choose by hand.
 */
const MIDDLE = 0x4000
const PAST_LAST = 0x10000

/** How far apart filters at the ends are put, as long as there is room for many. */
const STEP = 256
const STEPS_LEFT = 64

/** The next one at the same anchor comes nearer to it: all but this part of the room is left for those. */
const NEXT_TO_ANCHOR = 16

export const FIRST_HANDLE = 1

/**
 * Where a new filter has to stand to run at a position among those that are there.
 *
 * @param filters - of chain 0, in the order in which they run
 */
export function choosePlace(target: string, filters: readonly NativeFilter[], position: Position): FilterPlace {
  const index = indexOf(target, filters, position)
  const after = filters[index - 1]
  const before = filters[index]
  const priority = between(after?.priority ?? 0, before?.priority ?? PAST_LAST, position)
  if (priority !== undefined) return { priority, handle: FIRST_HANDLE }
  const tie = before && after?.priority !== before.priority ? joining(filters, before.priority) : undefined
  if (tie !== undefined) return tie
  throw new NoPriorityError({ target, after: text(after), before: text(before) })
}

/** How many run before the position. */
function indexOf(target: string, filters: readonly NativeFilter[], position: Position): number {
  if (!('anchor' in position)) return position.at === 'first' ? 0 : filters.length
  const { filter } = position.anchor
  const index = filters.findIndex((it) => filter !== undefined && isSamePlace(it, filter))
  if (index >= 0) return position.at === 'before' ? index : index + 1
  throw new AnchorGoneError({ target, anchor: entryText(position.anchor) })
}

const text = (filter: NativeFilter | undefined) => filter && entryText(entryOf(filter))

/** A priority above `low` and below `high`, with room on both sides, more where more is to be expected; undefined: there is none. */
function between(low: number, high: number, { at }: Position): number | undefined {
  const room = high - low - 1
  if (room <= 0) return undefined
  if (low === 0 && high === PAST_LAST) return MIDDLE
  const step = Math.max(1, Math.min(STEP, Math.floor(room / STEPS_LEFT)))
  if (low === 0) return high - step
  if (high === PAST_LAST) return low + step
  const edge = Math.max(1, Math.floor(room / NEXT_TO_ANCHOR))
  return at === 'before' ? low + edge : high - edge
}

/**
 * One more of the same priority runs before all that have it. Among our own that is as good as a priority of its own; what is
 * others' may be removed by its priority alone, and a filter of ours with it.
 */
function joining(filters: readonly NativeFilter[], priority: number): FilterPlace | undefined {
  const those = filters.filter((it) => it.priority === priority)
  if (!those.every(({ name }) => labelOf(name) !== undefined)) return undefined
  const taken = new Set(those.map(({ handle }) => handle))
  let handle = FIRST_HANDLE
  while (taken.has(handle)) handle++
  return { priority, handle }
}
