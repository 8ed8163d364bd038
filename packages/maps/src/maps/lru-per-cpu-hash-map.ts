import type { MapSpec, RawMap } from '@millrace/core'
import { type LruHashMapOptions, lruFlags } from './lru-hash-map.js'
import { MapKind } from './map-kind.js'
import type { MapCodecs, OpenOptions, SpecOptions } from './map-options.js'
import { PerCpuHashTable } from './per-cpu-hash-table.js'

const kind = new MapKind('lru_percpu_hash')

/**
 * A hash table with a value for each CPU that evicts entries that were not used for long when there is no room: what to
 * choose for counters by keys that traffic brings, such as clients. A key's values are an array with one element for
 * every possible CPU.
 *
 * Capacity: as with {@link LruHashMap}, expect to lose entries well before there are `maxEntries`. What was counted of
 * an evicted key is lost.
 *
 * @kernel 4.10
 *
 * @example
 * ```ts
 * import { ipv6, LruPerCpuHashMap, sum, u64 } from '@millrace/maps'
 *
 * using clients = LruPerCpuHashMap.create({ name: 'clients', key: ipv6, value: u64, maxEntries: 100_000 })
 * clients.fill('2001:db8::1', 0n)
 * console.log(sum(clients.get('2001:db8::1') ?? [0n]))
 * ```
 */
export class LruPerCpuHashMap<K, V> extends PerCpuHashTable<K, V> {
  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<K, V>(options: LruHashMapOptions<K, V>): LruPerCpuHashMap<K, V> {
    return new LruPerCpuHashMap(kind.create(options, options, lruFlags, ['key', 'value', 'perCpuLists']), options)
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of these codecs.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<K, V>(path: string, options: MapCodecs<K, V> & OpenOptions): LruPerCpuHashMap<K, V> {
    return new LruPerCpuHashMap(kind.open(path, options, options, ['key', 'value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<K, V>(raw: RawMap, codecs: MapCodecs<K, V>): LruPerCpuHashMap<K, V> {
    return new LruPerCpuHashMap(kind.check(raw, codecs), codecs)
  }

  /** Describes a map of an object file, for `load()`, as modules that `bpf2ts` writes do, or what a map of maps holds. */
  static spec<K, V>(spec: LruHashMapOptions<K, V> & SpecOptions): MapSpec<LruPerCpuHashMap<K, V>> {
    return kind.spec(spec, spec, (raw) => new LruPerCpuHashMap(raw, spec), lruFlags(spec))
  }
}
