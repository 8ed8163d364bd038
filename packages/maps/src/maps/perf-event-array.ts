import { ClosedError, type Codec, type MapSpec, PerfReader, type PerfReaderOptions, type RawMap } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { checkCodec } from '../codecs/check-codec.js'
import { u32 } from '../codecs/scalars.js'
import { EventBuffer, type RecordReader } from '../events/event-buffer.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'

/** What the records of a {@link PerfEventArray} begin with. */
export interface EventCodec<E> {
  readonly event: Codec<E>
}

/** What a {@link PerfEventArray} is made of; `maxEntries` is how many CPUs may have a ring: all possible ones by default. */
export interface PerfEventArrayOptions<E> extends EventCodec<E>, Omit<CreateOptions, 'programAccess' | 'maxEntries'> {
  readonly maxEntries?: number | undefined
}

const kind = new MapKind('perf_event_array')
/** Descriptors of rings at the numbers of CPUs. */
const codecs = { key: u32, value: u32 }

/**
 * Events from programs by way of `bpf_perf_event_output`: a ring for each CPU. Choose it for kernels before 5.8, and where
 * programs put a piece of the packet, of any length, behind each event (`mr_perf_event_send_packet`): that is
 * {@link EventBatch.rest}. Otherwise a {@link RingBuffer} is better: one ring in place of as many as there are CPUs, one
 * order, no copy in the program, and events from before there was a reader.
 *
 * Nobody but one reader has the rings. They are made when this process begins to read, see {@link PerfEventArray.listen}:
 * what programs send before that is gone, as their call fails with ENOENT. CPUs that come online later have none.
 *
 * Events that are there at once come in the order of their time, whichever CPU they are of. One that a CPU was still
 * writing may come with the next: an event may be older than the last of the batch before.
 *
 * A ring that is full loses events: the program's call fails with ENOSPC, and the kernel counts, see
 * {@link PerfEventArray.lost}. An event takes 20 bytes more than its size, rounded up to 8.
 *
 * @kernel 4.9; 4.18 for XDP
 *
 * @example
 * ```ts
 * import { PerfEventArray, struct, u32, u64 } from '@millrace/maps'
 *
 * const Sample = struct({ time: u64, length: u32 })
 * using samples = PerfEventArray.open('/sys/fs/bpf/samples', { event: Sample })
 * samples.listen({ bytesPerCpu: 1 << 18 })
 * for await (const batch of samples.batches({ signal: AbortSignal.timeout(60_000) })) {
 *   for (let i = 0; i < batch.length; i++) {
 *     const length = batch.at(i)?.length ?? 0
 *     console.log(batch.rest(i)?.subarray(0, length)) // the packet
 *   }
 * }
 * ```
 */
export class PerfEventArray<E> extends EventBuffer<E> {
  #opened: PerfReader | undefined

  private constructor(raw: RawMap, { event }: EventCodec<E>) {
    super(raw, event)
  }

  /**
   * Makes a perf event array without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<E>(options: PerfEventArrayOptions<E>): PerfEventArray<E> {
    checkCodec('options.event', options?.event)
    const maxEntries = options.maxEntries ?? nativeBinding().possibleCpus()
    return new PerfEventArray(
      kind.create(codecs, { ...options, maxEntries }, () => 0, ['event']),
      options,
    )
  }

  /**
   * Opens a pinned perf event array, once sure that it is one. The kernel does not know of what its records are.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<E>(path: string, options: EventCodec<E> & Omit<OpenOptions, 'access'>): PerfEventArray<E> {
    checkCodec('options.event', options?.event)
    return new PerfEventArray(kind.open(path, codecs, options, ['event']), options)
  }

  /**
   * A typed perf event array over an open map.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<E>(raw: RawMap, codec: EventCodec<E>): PerfEventArray<E> {
    checkCodec('options.event', codec?.event)
    return new PerfEventArray(kind.check(raw, codecs), codec)
  }

  /** Describes a perf event array of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<E>({ name, maxEntries, event }: EventCodec<E> & SpecOptions): MapSpec<PerfEventArray<E>> {
    return {
      name,
      type: 'perf_event_array',
      maxEntries,
      event,
      wrap: (raw) => new PerfEventArray(raw, { event }),
    }
  }

  /**
   * Makes the rings, so that events have a place to wait from now on. Every way of reading does it by itself; a second
   * call does nothing.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError} CAP_PERFMON, {@link KernelError}, {@link ClosedError}
   */
  listen(options: PerfReaderOptions = {}): this {
    this.#listen(options)
    return this
  }

  /**
   * How many events found the ring of their CPU full since this process listens. The kernel tells of it with the next
   * event of that CPU that has room, and it is known when that is read.
   *
   * @throws {@link ClosedError}
   */
  lost(): bigint {
    return this.lostPerCpu().reduce((sum, count) => sum + count, 0n)
  }

  /** As {@link PerfEventArray.lost}, one count for each CPU that was online when this process began to listen. */
  lostPerCpu(): readonly bigint[] {
    return this.#listen({}).lost()
  }

  protected override openReader(): RecordReader {
    return this.#listen({})
  }

  #listen(options: PerfReaderOptions): PerfReader {
    if (this.closed) throw new ClosedError({ what: 'perf event array', name: this.name })
    this.#opened ??= PerfReader.of(this.raw, options)
    return this.#opened
  }

  override close(): void {
    super.close()
    this.#opened?.close()
  }
}
