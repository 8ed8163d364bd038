import type { Codec } from '@millrace/core'
import { checkInteger } from '@millrace/core/internal'
import { lazyEvents } from './lazy-event.js'
import type { Records } from './records.js'

/**
 * Events that came together. They lie in memory of their own, which later events do not touch, and are good for as long
 * as somebody holds them.
 *
 * Iterating decodes nothing: each event is an object that decodes a field when it is read, each time anew. It prints as
 * what it holds, and turns into JSON, but `{ ...event }` copies nothing; {@link EventBatch.at} decodes a whole one.
 * One event that is kept keeps its batch in memory, 256 KiB at most.
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
    return this.#codec.decode(this.#records.view, this.#offset(record))
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
    return new Uint8Array(view.buffer, view.byteOffset + this.#offset(record), this.#length(record))
  }

  /**
   * The bytes of a record behind the event, no copy: what a program appended, such as a piece of the packet. The kernel
   * rounds a perf event's length up, so the event should say how many they are. undefined for an index past the last.
   *
   * @throws {@link ArgumentError} for what is no index
   */
  rest(index: number): Uint8Array | undefined {
    return this.bytes(index)?.subarray(this.#codec.size)
  }

  /**
   * The events, in order, each decoding its fields when they are read.
   *
   * @throws {@link MapOperationError} at a record that is shorter than the event
   */
  [Symbol.iterator](): IterableIterator<Readonly<E>> {
    return lazyEvents(this.#codec)(this.#records, this.#from, (record) => this.#check(record))
  }

  #offset(record: number): number {
    return this.#records.index[2 * record] ?? 0
  }

  #length(record: number): number {
    return this.#records.index[2 * record + 1] ?? 0
  }

  #check(record: number): void {
    const length = this.#length(record)
    // A longer one is fine: a newer program has more to say.
    if (length < this.#codec.size) throw this.#tooShort(length)
  }
}
