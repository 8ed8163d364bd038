import { setImmediate } from 'node:timers/promises'
import {
  ArgumentError,
  ClosedError,
  type Codec,
  type MapErrorCode,
  MapOperationError,
  type MapSpec,
  type RawMap,
  RingReader,
} from '@millrace/core'
import { checkInteger, checkOptions, checkSignal } from '@millrace/core/internal'
import { checkCodec } from '../codecs/check-codec.js'
import { u64 } from '../codecs/scalars.js'
import { KernelMap } from './kernel-map.js'
import { MapKind } from './map-kind.js'
import type { OpenOptions } from './map-options.js'
import { PerCpuArrayMap } from './per-cpu-array-map.js'
import { sum } from './per-cpu-values.js'
import type { EventsOptions, RingBufferCodec, RingBufferOptions, RingBufferSpec } from './ring-buffer-options.js'

const kind = new MapKind('ringbuf')
/** A ring buffer has neither keys nor values to the kernel. */
const nothing: Codec<undefined> = { size: 0, alignment: 1, layout: [], encode() {}, decode: () => undefined }
const codecs = { key: nothing, value: nothing }

/** Bytes of the ring that a record takes beside its own. */
const RECORD_HEADER = 8

/** The least page of all architectures. */
const LEAST_SIZE = 4096

/**
 * Events from programs, in order, all CPUs in one ring. They are read out of memory that the kernel shares with this
 * process, many at once: while there are events, there is no system call. Waiting takes no thread.
 *
 * A ring that is full loses events: the program's reserve fails, and `MR_EVENTS` counts it, see
 * {@link RingBuffer.overruns}. An event takes 8 bytes more than its size, rounded up to 8. Each event goes to one
 * reader.
 *
 * @kernel 5.8
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * for await (const drop of fw.maps.drops.events({ signal: AbortSignal.timeout(60_000) })) {
 *   console.log(drop.source, drop.reason)
 * }
 * ```
 */
export class RingBuffer<E> extends KernelMap {
  readonly #codec: Codec<E>
  #overruns: PerCpuArrayMap<bigint> | undefined
  /** What `#overruns` is made of when it is first asked for: checking its layout is no part of loading an object. */
  readonly #counter: RawMap | undefined
  #opened: RingReader | undefined
  /**
   * Records of the reader's last batch that were given to somebody, and all of it: the next one is decoded when it is
   * asked for, so a loop that ends early loses nothing.
   */
  #given = 0
  #taken = 0

  private constructor(raw: RawMap, { event, overruns }: RingBufferCodec<E>, counter?: RawMap) {
    super(raw)
    this.#codec = event
    this.#overruns = overruns
    this.#counter = counter
  }

  /**
   * Makes a ring buffer without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<E>(options: RingBufferOptions<E>): RingBuffer<E> {
    checkRecords(options)
    checkSize(options.maxEntries)
    return new RingBuffer(
      kind.create(codecs, options, () => 0, ['event', 'overruns']),
      options,
    )
  }

  /**
   * Opens a pinned ring buffer, once sure that it is one. The kernel does not know of what its records are.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<E>(path: string, options: RingBufferCodec<E> & Omit<OpenOptions, 'access'>): RingBuffer<E> {
    checkRecords(options)
    return new RingBuffer(kind.open(path, codecs, options, ['event', 'overruns']), options)
  }

  /**
   * A typed ring buffer over an open map.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<E>(raw: RawMap, codec: RingBufferCodec<E>): RingBuffer<E> {
    checkRecords(codec)
    return new RingBuffer(kind.check(raw, codecs), codec)
  }

  /** Describes a ring buffer of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<E>({ name, maxEntries, event, overruns }: RingBufferSpec<E>): MapSpec<RingBuffer<E>> {
    return {
      name,
      type: 'ringbuf',
      maxEntries,
      event,
      wrap(raw, sibling) {
        return new RingBuffer(raw, { event }, overruns === undefined ? undefined : sibling(overruns))
      },
    }
  }

  /**
   * Events as they come: those that are in the ring already first, then others as programs wake the reader. It goes on
   * until it is left, the signal is aborted or the ring buffer is closed, which ends it.
   *
   * A program that submits with BPF_RB_NO_WAKEUP, to save wake-ups, has to wake the reader with BPF_RB_FORCE_WAKEUP in
   * the end: the kernel's own wake-up comes only with an event that finds all before it read.
   *
   * @throws the signal's reason
   * @throws {@link ArgumentError}, {@link KernelError}; {@link ClosedError} when it was closed before it began
   */
  async *events(options: EventsOptions = {}): AsyncGenerator<E, void, undefined> {
    checkOptions('options', options, ['signal'])
    const signal = checkSignal('options.signal', options.signal)
    const reader = this.#reader()
    while (!this.closed) {
      signal?.throwIfAborted()
      if (this.#take(reader)) yield this.#next(reader)
      else await this.#wait(reader, signal)
      // A flood of events must not keep timers and sockets waiting: they get their turn after each batch.
      if (this.#given === this.#taken) await setImmediate()
    }
  }

  /**
   * The events that are in the ring, without waiting for any.
   *
   * @param max - take no more than these; default all
   * @throws {@link ArgumentError}, {@link KernelError}, {@link ClosedError}
   */
  drain(max: number = Number.POSITIVE_INFINITY): E[] {
    if (max !== Number.POSITIVE_INFINITY) checkInteger('max', max, 0, Number.MAX_SAFE_INTEGER)
    const reader = this.#reader()
    const events: E[] = []
    // One filling of the ring: programs may write faster than this reads.
    for (let bytes = 0; events.length < max && bytes < this.maxEntries && this.#take(reader); ) {
      bytes += reader.length(this.#given) + RECORD_HEADER
      events.push(this.#next(reader))
    }
    return events
  }

  /**
   * How many events programs could not send since the ring buffer was made, as it was full.
   *
   * @throws {@link MapOperationError} ERR_MAP_UNSUPPORTED when nobody counts them
   * @throws {@link ClosedError}
   */
  overruns(): bigint {
    if (this.#counter !== undefined) this.#overruns ??= PerCpuArrayMap.from(this.#counter, { value: u64 })
    if (this.#overruns !== undefined) return sum(this.#overruns.get(0))
    throw this.#error('ERR_MAP_UNSUPPORTED', 'overruns', 'nothing counts its lost events: declare it with MR_EVENTS')
  }

  /** Gives the descriptor and the mapped memory back, and ends iterations. A second call does nothing. */
  override close(): void {
    super.close()
    this.#opened?.close()
  }

  #reader(): RingReader {
    if (this.closed) throw new ClosedError({ what: 'ring buffer', name: this.name })
    this.#opened ??= RingReader.of(this.raw)
    return this.#opened
  }

  /** Makes sure that there is an event to give, if there is any in the ring. */
  #take(reader: RingReader): boolean {
    if (this.#given < this.#taken) return true
    this.#given = 0
    this.#taken = reader.drain()
    return this.#taken > 0
  }

  #next(reader: RingReader): E {
    const record = this.#given++
    const length = reader.length(record)
    // A longer one is fine: a newer program has more to say.
    if (length < this.#codec.size) {
      const reason = `a record of ${length} bytes is shorter than the event's ${this.#codec.size}`
      throw this.#error('ERR_MAP_OPERATION', 'read events', reason)
    }
    return this.#codec.decode(reader.view, reader.offset(record))
  }

  async #wait(reader: RingReader, signal: AbortSignal | undefined): Promise<void> {
    try {
      await reader.wait(signal)
    } catch (error) {
      if (!this.closed) throw error
    }
  }

  #error(code: MapErrorCode, operation: string, reason: string): MapOperationError {
    return new MapOperationError({ code, map: this.name, operation, errno: 0, reason })
  }
}

function checkRecords(options: RingBufferCodec<unknown> | undefined): void {
  checkCodec('options.event', options?.event)
  const overruns = options?.overruns
  if (overruns === undefined || overruns instanceof PerCpuArrayMap) return
  throw new ArgumentError({ argument: 'options.overruns', value: overruns, expected: 'a PerCpuArrayMap of u64' })
}

/** The kernel says EINVAL, which could mean anything. */
function checkSize(bytes: number): void {
  if (Number.isInteger(bytes) && bytes >= LEAST_SIZE && Number.isInteger(Math.log2(bytes))) return
  const expected = `a number of bytes that is a power of two, and a multiple of the page size (${LEAST_SIZE} or more)`
  throw new ArgumentError({ argument: 'options.maxEntries', value: bytes, expected })
}
