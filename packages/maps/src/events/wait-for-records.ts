import { checkInteger, checkOptions, checkSignal } from '@millrace/core/internal'
import type { EventsOptions } from './events-options.js'

/** What a reader's wait needs of the options, checked. */
export interface Patience {
  readonly signal: AbortSignal | undefined
  readonly pollInterval: number | undefined
}

/** The longest delay that a timer takes. */
const LONGEST = 0x7fff_ffff

export function checkEventsOptions(options: EventsOptions): Patience {
  checkOptions('options', options, ['signal', 'pollInterval'])
  const { pollInterval } = options
  if (pollInterval !== undefined) checkInteger('options.pollInterval', pollInterval, 1, LONGEST)
  return { signal: checkSignal('options.signal', options.signal), pollInterval }
}

/**
 * Waits until one of them is readable, or the poll interval is over. All of them wait in the event loop's one system
 * call; none is left waiting afterwards.
 *
 * @throws the signal's reason, or what a wait fails of
 */
export async function waitForRecords(
  waits: readonly ((signal: AbortSignal) => Promise<void>)[],
  { signal, pollInterval }: Patience,
): Promise<void> {
  signal?.throwIfAborted()
  const over = new AbortController()
  const end = () => over.abort()
  signal?.addEventListener('abort', end)
  const timer = pollInterval === undefined ? undefined : setTimeout(end, pollInterval)
  const waiting = waits.map((wait) => wait(over.signal))
  try {
    await Promise.race(waiting)
  } catch (error) {
    // The end of waiting is no error of a wait.
    if (!over.signal.aborted) throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    end()
    await Promise.allSettled(waiting)
  }
  signal?.throwIfAborted()
}
