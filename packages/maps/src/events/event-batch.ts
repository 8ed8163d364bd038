import type { Codec } from '@millrace/core'
import { checkInteger } from '@millrace/core/internal'
import { lazyEvents } from './lazy-event.js'

/** Records as core hands them over, in memory of their own. */
export interface Records {
  readonly records: number
  readonly view: DataView
  offset(record: number): number
  length(record: number): number
}

/**
 * Events that came together. They lie in memory of their own, which later events do not touch, and are good for as long
 * as somebody holds them.
 *
 * Iterating decodes nothing: each event is an object that decodes a field when it is read, each time anew. It prints as
 * what it holds, and turns into JSON, but `{ ...event }` copies nothing; {@link EventBatch.at} decodes a whole one.
 * One event that is kept keeps its batch in memory, 64 KiB at most.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * let blocked = 0
 * for await (const batch of fw.maps.drops.batches({ signal: AbortSignal.timeout(60_000) })) {
 *   for (const drop of batch) if (drop.reason === 1) blocked++
 * }
 * ```
 */
export class EventBatch<E> implements Iterable<Readonly<E>> {
  readonly #codec: Codec<E>
  readonly #records: Records
  readonly #from: number
  readonly #tooShort: (length: number) => Error

  /** @internal */
  constructor(codec: Codec<E>, records: Records, from: number, tooShort: (length: number) => Error) {
    this.#codec = codec
    this.#records = records
    this.#from = from
    this.#tooShort = tooShort
  }

  /** How many events. */
  get length(): number {
    return this.#records.records - this.#from
  }

  /**
   * An event, decoded; undefined for an index past the last.
   *
   * @throws {@link MapOperationError} for a record that is shorter than the event
   * @throws {@link ArgumentError} for what is no index
   */
  at(index: number): E | undefined {
    checkInteger('index', index, 0, 0xffff_ffff)
    if (index >= this.length) return undefined
    const record = this.#from + index
    this.#check(record)
    return this.#codec.decode(this.#records.view, this.#records.offset(record))
  }

  /**
   * The bytes of an event's record, which may be more than the event: a newer program may say more. They are no copy.
   * undefined for an index past the last.
   *
   * @throws {@link ArgumentError} for what is no index
   */
  bytes(index: number): Uint8Array | undefined {
    checkInteger('index', index, 0, 0xffff_ffff)
    if (index >= this.length) return undefined
    const { view } = this.#records
    const record = this.#from + index
    return new Uint8Array(view.buffer, view.byteOffset + this.#records.offset(record), this.#records.length(record))
  }

  /**
   * The events, in order, each decoding its fields when they are read.
   *
   * @throws {@link MapOperationError} at a record that is shorter than the event
   */
  [Symbol.iterator](): IterableIterator<Readonly<E>> {
    const read = lazyEvents(this.#codec)
    const records = this.#records
    const { view, records: end } = records
    const least = this.#codec.size
    const check = (record: number) => this.#check(record)
    let record = this.#from
    // Not a generator: those cost more than what is read.
    return {
      next() {
        if (record >= end) return { value: undefined, done: true }
        const current = record++
        if (records.length(current) < least) check(current)
        return { value: read(view, records.offset(current)), done: false }
      },
      [Symbol.iterator]() {
        return this
      },
    }
  }

  #check(record: number): void {
    const length = this.#records.length(record)
    // A longer one is fine: a newer program has more to say.
    if (length < this.#codec.size) throw this.#tooShort(length)
  }
}
