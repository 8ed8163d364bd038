import type { MapSpec, RawMap } from '@millrace/core'
import { type HashMapOptions, hashFlags } from './hash-map.js'
import { MapKind } from './map-kind.js'
import type { MapCodecs, OpenOptions, SpecOptions } from './map-options.js'
import { PerCpuHashTable } from './per-cpu-hash-table.js'

const kind = new MapKind('percpu_hash')

/**
 * A hash table with a value for each CPU: what to choose for counters by key, as programs add to their own CPU's value
 * without atomic operations. A key's values are an array with one element for every possible CPU, those that are
 * offline included; {@link sum} adds them up.
 *
 * When it is full, a new key is refused, as in {@link HashMap}. Capacity: exactly `maxEntries`; memory is that times
 * the number of possible CPUs times the value's size, rounded up to 8 bytes.
 *
 * @kernel 4.6
 *
 * @example
 * ```ts
 * import { ipv4, PerCpuHashMap, struct, sum, u64 } from '@millrace/maps'
 *
 * const Hits = struct({ packets: u64, bytes: u64 })
 * using hits = PerCpuHashMap.create({ name: 'hits', key: ipv4, value: Hits, maxEntries: 1024 })
 * hits.fill('192.0.2.1', { packets: 0n, bytes: 0n })
 * for (const [address, values] of hits) console.log(address, sum(values).packets)
 * ```
 */
export class PerCpuHashMap<K, V> extends PerCpuHashTable<K, V> {
  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<K, V>(options: HashMapOptions<K, V>): PerCpuHashMap<K, V> {
    return new PerCpuHashMap(kind.create(options, options, hashFlags, ['key', 'value', 'preallocate']), options)
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of these codecs.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<K, V>(path: string, options: MapCodecs<K, V> & OpenOptions): PerCpuHashMap<K, V> {
    return new PerCpuHashMap(kind.open(path, options, options, ['key', 'value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<K, V>(raw: RawMap, codecs: MapCodecs<K, V>): PerCpuHashMap<K, V> {
    return new PerCpuHashMap(kind.check(raw, codecs), codecs)
  }

  /** Describes a map of an object file, for `load()`, as modules that `bpf2ts` writes do, or what a map of maps holds. */
  static spec<K, V>(spec: HashMapOptions<K, V> & SpecOptions): MapSpec<PerCpuHashMap<K, V>> {
    return kind.spec(spec, spec, (raw) => new PerCpuHashMap(raw, spec), hashFlags(spec))
  }
}
