import { setImmediate } from 'node:timers/promises'
import { ArgumentError } from '@millrace/core'
import { EventBuffer } from './event-buffer.js'
import type { EventsOptions } from './events-options.js'
import { checkEventsOptions, waitForRecords } from './wait-for-records.js'

/** Event buffers by the name that their events are to come under. */
export type EventBuffers = Readonly<Record<string, EventBuffer<unknown>>>

/** An event, and the name of the buffer that it came from. */
export type MergedEvent<B extends EventBuffers> = {
  readonly [Name in keyof B]: {
    readonly from: Name
    readonly event: B[Name] extends EventBuffer<infer E> ? E : never
  }
}[keyof B]

/** Events of one buffer at a time, while others have some too. */
const TURN = 256

/**
 * Events of several buffers in one loop, which waits for all of them at once: by turns, no more than 256 of one while
 * another has some, so that a flood in one keeps nobody waiting. The order within a buffer stays; there is none between
 * buffers. A buffer that is closed has no more events, and the loop ends with the last one.
 *
 * @throws the signal's reason
 * @throws {@link ArgumentError}, {@link KernelError}, {@link MapOperationError}
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { mergeEvents } from '@millrace/maps'
 * import { firewall } from './firewall.bpf.js'
 *
 * using inner = await load(firewall)
 * using outer = await load(firewall)
 * const buffers = { inner: inner.maps.drops, outer: outer.maps.drops }
 * for await (const { from, event } of mergeEvents(buffers, { signal: AbortSignal.timeout(60_000) })) {
 *   console.log(from, event.source)
 * }
 * ```
 */
export async function* mergeEvents<const B extends EventBuffers>(
  buffers: B,
  options: EventsOptions = {},
): AsyncGenerator<MergedEvent<B>, void, undefined> {
  checkBuffers(buffers)
  const patience = checkEventsOptions(options)
  const entries = Object.entries(buffers)
  for (const [, buffer] of entries) buffer.reader()
  for (;;) {
    let found = false
    for (const [from, buffer] of entries) {
      for (let given = 0; given < TURN; given++) {
        patience.signal?.throwIfAborted()
        if (buffer.closed || !(buffer.hasRecord() || buffer.refill())) break
        found = true
        yield { from, event: buffer.next() } as MergedEvent<B>
      }
    }
    const open = entries.filter(([, buffer]) => !buffer.closed)
    if (open.length === 0) return
    if (found) await setImmediate()
    else
      await waitForRecords(
        open.map(
          ([, buffer]) =>
            (signal) =>
              buffer.waitOrClose(signal),
        ),
        patience,
      )
  }
}

function checkBuffers(buffers: unknown): void {
  const isObject = typeof buffers === 'object' && buffers !== null
  const list = isObject ? Object.values(buffers) : []
  if (list.length > 0 && list.every((buffer) => buffer instanceof EventBuffer)) return
  const expected = 'an object of ring buffers or perf event arrays, by name'
  throw new ArgumentError({ argument: 'buffers', value: buffers, expected })
}
