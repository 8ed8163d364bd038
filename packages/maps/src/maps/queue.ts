import type { MapSpec, RawMap } from '@millrace/core'
import type { ValueCodec } from './array-map.js'
import { Line } from './line.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('queue')

/** What a {@link Queue} is made of. */
export interface QueueOptions<V> extends ValueCodec<V>, CreateOptions {}

/**
 * A queue: what was put in first comes out first. What to choose for a stock that user space fills and programs take from, such as
 * free ports of a source NAT; for events from programs, {@link RingBuffer} is faster and wakes the reader.
 *
 * Capacity: `maxEntries` values, all of whose memory is taken at once. It has no keys, and no way to look past the next
 * value: it cannot be iterated, but emptied (`drain`). One lock for all processors.
 *
 * @kernel 4.20
 *
 * @example
 * ```ts
 * import { Queue, u16be } from '@millrace/maps'
 *
 * using freePorts = Queue.create({ name: 'free_ports', value: u16be, maxEntries: 1024 })
 * for (let port = 32768; port < 33792; port++) freePorts.push(port)
 * freePorts.pop()                                           // 32768
 * freePorts.push(32768)                                     // behind all others: it comes back last
 * ```
 */
export class Queue<V> extends Line<V> {
  private constructor(raw: RawMap, { value }: ValueCodec<V>) {
    super(raw, value)
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<V>(options: QueueOptions<V>): Queue<V> {
    return new Queue(
      kind.create({ key: null, value: options?.value }, options, () => 0, ['value']),
      options,
    )
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of this codec.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<V>(path: string, options: ValueCodec<V> & OpenOptions): Queue<V> {
    return new Queue(kind.open(path, { key: null, value: options?.value }, options, ['value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<V>(raw: RawMap, codec: ValueCodec<V>): Queue<V> {
    return new Queue(kind.check(raw, { key: null, value: codec?.value }), codec)
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<V>(spec: ValueCodec<V> & SpecOptions): MapSpec<Queue<V>> {
    return kind.spec(spec, { key: null, value: spec.value }, (raw) => new Queue(raw, spec))
  }
}
