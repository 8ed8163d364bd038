import { setImmediate } from 'node:timers/promises'
import { type Codec, type MapErrorCode, MapOperationError, type RawMap } from '@millrace/core'
import { checkInteger } from '@millrace/core/internal'
import { KernelMap } from '../maps/kernel-map.js'
import { EventBatch } from './event-batch.js'
import { EventStream } from './event-stream.js'
import type { EventsOptions } from './events-options.js'
import type { Records } from './records.js'
import { checkEventsOptions, type Patience, waitForRecords } from './wait-for-records.js'

/** Takes records out of the memory that the kernel shares with this process. */
export interface RecordReader {
  /** bytes that it holds at most */
  readonly capacity: number
  take(): Records | undefined
  wait(signal: AbortSignal | undefined): Promise<void>
  close(): void
}

/**
 * Maps by which programs send events to user space: {@link RingBuffer} and {@link PerfEventArray}.
 *
 * @example
 * ```ts
 * import type { EventBuffer } from '@millrace/maps'
 *
 * async function count(events: EventBuffer<unknown>, signal: AbortSignal) {
 *   let count = 0
 *   for await (const batch of events.batches({ signal })) console.log((count += batch.length))
 * }
 * ```
 */
export abstract class EventBuffer<E> extends KernelMap {
  readonly #codec: Codec<E>
  #opened: RecordReader | undefined
  /**
   * The records that were taken last, and how many of them were given to somebody: the next one is decoded when it is
   * asked for, so a loop that ends early loses nothing.
   */
  #records: Records | undefined
  #given = 0

  protected constructor(raw: RawMap, codec: Codec<E>) {
    super(raw)
    this.#codec = codec
  }

  /** Opens the reader; throws {@link ClosedError} when the map is closed. */
  protected abstract openReader(): RecordReader

  /**
   * Events as they come: those that are there already first, then others as programs wake the reader. It goes on until
   * it is left, the signal is aborted or the map is closed, which ends it.
   *
   * An event is read when the loop asks for it: a loop that is slower than the programs leaves the others where they
   * are, until there is no room.
   *
   * A program that submits with BPF_RB_NO_WAKEUP, to save wake-ups, has to wake the reader with BPF_RB_FORCE_WAKEUP in
   * the end: the kernel's own wake-up comes only with an event that finds all before it read. Or the reader looks by
   * itself, see {@link EventsOptions.pollInterval}.
   *
   * @throws the signal's reason
   * @throws {@link ArgumentError}, {@link KernelError}; {@link ClosedError} when it was closed before it began
   */
  events(options: EventsOptions = {}): AsyncGenerator<E, void, undefined> {
    let started: Patience | undefined
    const start = () => {
      const patience = checkEventsOptions(options)
      this.reader()
      started = patience
      return patience
    }
    // The turn of timers and sockets, after each batch: a flood of events must not keep them waiting.
    let hasRead = false
    return new EventStream<E>({
      ready: () => {
        const { signal } = started ?? start()
        if (this.closed) return false
        signal?.throwIfAborted()
        if (this.hasRecord()) return true
        if (hasRead || !this.refill()) return false
        hasRead = true
        return true
      },
      take: () => this.next(),
      refill: async () => {
        const patience = started ?? start()
        if (this.closed) return false
        if (hasRead) await setImmediate()
        else await this.wait(patience)
        hasRead = false
        return !this.closed
      },
    })
  }

  /**
   * Events as they come, many at once: one batch holds all that were there when the reader woke, up to 256 KiB of them,
   * and decodes what is read of it. It is the fast way, and ends as {@link EventBuffer.events} does.
   *
   * @throws the signal's reason
   * @throws {@link ArgumentError}, {@link KernelError}; {@link ClosedError} when it was closed before it began
   */
  async *batches(options: EventsOptions = {}): AsyncGenerator<EventBatch<E>, void, undefined> {
    const patience = checkEventsOptions(options)
    this.reader()
    while (!this.closed) {
      patience.signal?.throwIfAborted()
      const batch = this.takeBatch()
      if (batch === undefined) await this.wait(patience)
      else {
        yield batch
        await setImmediate()
      }
    }
  }

  /**
   * The events that are there, without waiting for any.
   *
   * @param max - take no more than these; default all
   * @throws {@link ArgumentError}, {@link KernelError}, {@link ClosedError}
   */
  drain(max: number = Number.POSITIVE_INFINITY): E[] {
    if (max !== Number.POSITIVE_INFINITY) checkInteger('max', max, 0, Number.MAX_SAFE_INTEGER)
    const { capacity } = this.reader()
    const events: E[] = []
    // One filling: programs may write faster than this reads.
    for (let bytes = 0; events.length < max && bytes < capacity && (this.hasRecord() || this.refill()); ) {
      bytes += this.#records?.index[2 * this.#given + 1] ?? 0
      events.push(this.next())
    }
    return events
  }

  /**
   * One batch of the events that are there, without waiting for any; undefined where there are none.
   *
   * @throws {@link KernelError}, {@link ClosedError}
   */
  drainBatch(): EventBatch<E> | undefined {
    this.reader()
    return this.takeBatch()
  }

  /** Gives the descriptor and the mapped memory back, and ends iterations. A second call does nothing. */
  override close(): void {
    super.close()
    this.#opened?.close()
    this.#records = undefined
  }

  /** @internal */
  reader(): RecordReader {
    if (this.closed || this.#opened === undefined) this.#opened = this.openReader()
    return this.#opened
  }

  /** @internal Whether an event can be had by {@link EventBuffer.next}. */
  hasRecord(): boolean {
    return this.#records !== undefined && this.#given < this.#records.records
  }

  /** @internal Takes records when those of before were given; whether there are any. */
  refill(): boolean {
    this.#records = this.reader().take()
    this.#given = 0
    return this.#records !== undefined
  }

  /** @internal */
  next(): E {
    const records = this.#records
    if (records === undefined) throw new RangeError('no record')
    const record = this.#given++
    const length = records.index[2 * record + 1] ?? 0
    // A longer one is fine: a newer program has more to say.
    if (length < this.#codec.size) throw this.#tooShort(length)
    return this.#codec.decode(records.view, records.index[2 * record] ?? 0)
  }

  /** @internal */
  takeBatch(): EventBatch<E> | undefined {
    if (!this.hasRecord() && !this.refill()) return undefined
    const records = this.#records
    if (records === undefined) return undefined
    this.#records = undefined
    return new EventBatch(this.#codec, records, this.#given, (length) => this.#tooShort(length))
  }

  /** @internal Waits for records; the end of the map ends it. */
  wait(patience: Patience): Promise<void> {
    // Once a wake-up: what can be left out is.
    if (patience.pollInterval === undefined) return this.waitOrClose(patience.signal)
    return waitForRecords([(signal) => this.waitOrClose(signal)], patience)
  }

  /** @internal */
  async waitOrClose(signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.reader().wait(signal)
    } catch (error) {
      if (!this.closed) throw error
    }
  }

  protected operationError(code: MapErrorCode, operation: string, reason: string): MapOperationError {
    return new MapOperationError({ code, map: this.name, operation, errno: 0, reason })
  }

  #tooShort(length: number): MapOperationError {
    const reason = `a record of ${length} bytes is shorter than the event's ${this.#codec.size}`
    return this.operationError('ERR_MAP_OPERATION', 'read events', reason)
  }
}
