import type { Codec, MapSpec, RawMap } from '@millrace/core'
import { u32 } from '../codecs/scalars.js'
import type { Merge } from '../merge/merge.js'
import { type MergedValues, mergedIndexes } from '../merge/merged-values.js'
import type { ValueCodec } from './array-map.js'
import { IndexMap } from './index-map.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import { cpusOf, perCpuValues } from './per-cpu-values.js'

const kind = new MapKind('percpu_array')

/** What a {@link PerCpuArrayMap} is made of. */
export interface PerCpuArrayMapOptions<V> extends ValueCodec<V>, CreateOptions {}

/**
 * An array with a value for each CPU: what to choose for counters by small numbers, as programs add to their own CPU's
 * value without atomic operations. The values at an index are an array with one element for every possible CPU, those
 * that are offline included; {@link sum} adds them up.
 *
 * As in {@link ArrayMap}, all `maxEntries` are there from the beginning and for good. A value is at most 32 KiB.
 *
 * @kernel 4.6
 *
 * @example
 * ```ts
 * import { PerCpuArrayMap, sum, u64 } from '@millrace/maps'
 *
 * using packets = PerCpuArrayMap.create({ name: 'packets', value: u64, maxEntries: 4 })
 * packets.fill(0, 0n)
 * console.log(sum(packets.get(0)))
 * ```
 */
export class PerCpuArrayMap<V> extends IndexMap<V[]> {
  /** How many CPUs are possible: the length of each array of values. */
  readonly cpus: number
  readonly #value: Codec<V>

  private constructor(raw: RawMap, { value }: ValueCodec<V>) {
    super(raw, perCpuValues(raw, value))
    this.cpus = cpusOf(raw)
    this.#value = value
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<V>(options: PerCpuArrayMapOptions<V>): PerCpuArrayMap<V> {
    return new PerCpuArrayMap(
      kind.create({ ...options, key: u32 }, options, () => 0, ['value']),
      options,
    )
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of this codec.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<V>(path: string, options: ValueCodec<V> & OpenOptions): PerCpuArrayMap<V> {
    return new PerCpuArrayMap(kind.open(path, { ...options, key: u32 }, options, ['value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<V>(raw: RawMap, codec: ValueCodec<V>): PerCpuArrayMap<V> {
    return new PerCpuArrayMap(kind.check(raw, { ...codec, key: u32 }), codec)
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<V>(spec: ValueCodec<V> & SpecOptions): MapSpec<PerCpuArrayMap<V>> {
    return kind.spec(spec, { ...spec, key: u32 }, (raw) => new PerCpuArrayMap(raw, spec))
  }

  /** Writes one value for all CPUs. Throws as `set` does. */
  fill(index: number, value: V): this {
    return this.set(index, new Array<V>(this.cpus).fill(value))
  }

  /**
   * The values of all CPUs merged into one, by a method for all numbers of them, or one for each field.
   *
   * @throws {@link ArgumentError} for a method that does not exist or does not fit
   *
   * @example
   * ```ts
   * import { PerCpuArrayMap, struct, u64 } from '@millrace/maps'
   *
   * const Hits = struct({ packets: u64, last: u64 })
   * using hits = PerCpuArrayMap.create({ name: 'hits', value: Hits, maxEntries: 4 })
   * const { packets, last } = hits.merged({ packets: 'sum', last: 'max' }).get(0)
   * console.log(packets, last)
   * ```
   */
  merged(how: Merge<V>): MergedValues<number, V, never> {
    return mergedIndexes(this.raw, this.#value, how)
  }
}
