import { ArgumentError, ClosedError, type MapSpec, type RawMap, RingReader } from '@millrace/core'
import { checkCodec } from '../codecs/check-codec.js'
import { u64 } from '../codecs/scalars.js'
import { EventBuffer, type RecordReader } from '../events/event-buffer.js'
import { MapKind } from './map-kind.js'
import type { OpenOptions } from './map-options.js'
import { PerCpuArrayMap } from './per-cpu-array-map.js'
import { sum } from './per-cpu-values.js'
import type { RingBufferCodec, RingBufferOptions, RingBufferSpec } from './ring-buffer-options.js'
import { checkRingSize, nothing } from './ring-size.js'

const kind = new MapKind('ringbuf')
const codecs = { key: nothing, value: nothing }

/** Large enough that the cost of a batch is nothing beside that of its events. */
const BATCH_BYTES = 1 << 18

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
export class RingBuffer<E> extends EventBuffer<E> {
  #overruns: PerCpuArrayMap<bigint> | undefined
  /** What `#overruns` is made of when it is first asked for: checking its layout is no part of loading an object. */
  readonly #counter: RawMap | undefined

  private constructor(raw: RawMap, { event, overruns }: RingBufferCodec<E>, counter?: RawMap) {
    super(raw, event)
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
    checkRingSize(options.maxEntries)
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
   * How many events programs could not send since the ring buffer was made, as it was full.
   *
   * @throws {@link MapOperationError} ERR_MAP_UNSUPPORTED when nobody counts them
   * @throws {@link ClosedError}
   */
  overruns(): bigint {
    return sum(this.#counters().get(0))
  }

  /**
   * As {@link RingBuffer.overruns}, by the CPU that the program ran on: one count for each possible CPU.
   *
   * @throws as {@link RingBuffer.overruns}
   */
  overrunsPerCpu(): bigint[] {
    return this.#counters().get(0)
  }

  protected override openReader(): RecordReader {
    if (this.closed) throw new ClosedError({ what: 'ring buffer', name: this.name })
    return RingReader.of(this.raw, { batchSize: BATCH_BYTES })
  }

  #counters(): PerCpuArrayMap<bigint> {
    if (this.#counter !== undefined) this.#overruns ??= PerCpuArrayMap.from(this.#counter, { value: u64 })
    if (this.#overruns !== undefined) return this.#overruns
    const reason = 'nothing counts its lost events: declare it with MR_EVENTS'
    throw this.operationError('ERR_MAP_UNSUPPORTED', 'overruns', reason)
  }
}

function checkRecords(options: RingBufferCodec<unknown> | undefined): void {
  checkCodec('options.event', options?.event)
  const overruns = options?.overruns
  if (overruns === undefined || overruns instanceof PerCpuArrayMap) return
  throw new ArgumentError({ argument: 'options.overruns', value: overruns, expected: 'a PerCpuArrayMap of u64' })
}
