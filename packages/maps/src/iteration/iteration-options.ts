import { checkOneOf, checkOptions } from '@millrace/core/internal'

/**
 * What an iteration does when the map changes under it so that the kernel loses its place, which happens where the
 * kernel goes from key to key (LPM tries), when the entry that it stands on is deleted. It then starts over:
 *
 * - `retry`: goes on and leaves out what was given before. Every entry that stays in the map comes exactly once. After
 *   so many entries as would fill the map four times, ERR_MAP_CHANGED.
 * - `partial`: ends there.
 * - `throw`: ERR_MAP_CHANGED at once.
 */
export type ConcurrentChange = 'retry' | 'partial' | 'throw'

/** How to iterate over a map. */
export interface IterationOptions {
  /** default `retry` */
  readonly onConcurrentChange?: ConcurrentChange | undefined
}

export function checkIteration(options: IterationOptions): ConcurrentChange {
  checkOptions('options', options, ['onConcurrentChange'])
  return checkOneOf('options.onConcurrentChange', options.onConcurrentChange ?? 'retry', ['retry', 'partial', 'throw'])
}
