import type { MapSpec, RawMap } from '@millrace/core'
import { checkBoolean } from '@millrace/core/internal'
import { HashTable } from './hash-table.js'
import { mapFlags } from './map-flags.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, MapCodecs, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('hash')

/** What a {@link HashMap} or {@link PerCpuHashMap} is made of. */
export interface HashMapOptions<K, V> extends MapCodecs<K, V>, CreateOptions {
  /**
   * Whether the memory of all entries is taken at once, so that a new entry needs no allocation: faster, and never out
   * of memory. Default true; false for large maps that stay nearly empty.
   */
  readonly preallocate?: boolean | undefined
}

/**
 * A hash table: what to choose for a set of keys that is known to fit. When it is full, a new key is refused with
 * ERR_MAP_FULL, in programs with E2BIG, and what is there stays: for tables that traffic fills, take
 * {@link LruHashMap}.
 *
 * Capacity: exactly `maxEntries`, but for a map without preallocation, which may take one entry per CPU more under
 * concurrent inserts.
 *
 * @kernel 3.19
 *
 * @example
 * ```ts
 * import { HashMap, ipv4, struct, u16be, u64 } from '@millrace/maps'
 *
 * const Endpoint = struct({ address: ipv4, port: u16be })
 * using requests = HashMap.create({ name: 'requests', key: Endpoint, value: u64, maxEntries: 1024 })
 *
 * requests.set({ address: '192.0.2.1', port: 443 }, 1n)
 * requests.get({ address: '192.0.2.1', port: 443 })         // 1n
 * for (const [{ address, port }, count] of requests) console.log(address, port, count)
 * ```
 */
export class HashMap<K, V> extends HashTable<K, V> {
  private constructor(raw: RawMap, codecs: MapCodecs<K, V>) {
    super(raw, codecs.key, codecs.value)
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<K, V>(options: HashMapOptions<K, V>): HashMap<K, V> {
    return new HashMap(kind.create(options, options, hashFlags, ['key', 'value', 'preallocate']), options)
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of these codecs.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<K, V>(path: string, options: MapCodecs<K, V> & OpenOptions): HashMap<K, V> {
    return new HashMap(kind.open(path, options, options, ['key', 'value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<K, V>(raw: RawMap, codecs: MapCodecs<K, V>): HashMap<K, V> {
    return new HashMap(kind.check(raw, codecs), codecs)
  }

  /** Describes a map of an object file, for `load()`, as modules that `bpf2ts` writes do, or what a map of maps holds. */
  static spec<K, V>(spec: HashMapOptions<K, V> & SpecOptions): MapSpec<HashMap<K, V>> {
    return kind.spec(spec, spec, (raw) => new HashMap(raw, spec), hashFlags(spec))
  }
}

export function hashFlags({ preallocate = true }: Pick<HashMapOptions<unknown, unknown>, 'preallocate'>): number {
  return checkBoolean('options.preallocate', preallocate) ? 0 : mapFlags.noPreallocation
}
