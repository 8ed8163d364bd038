import type { MapSpec, RawMap } from '@millrace/core'
import { checkBoolean } from '@millrace/core/internal'
import { HashTable } from './hash-table.js'
import { mapFlags } from './map-flags.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, MapCodecs, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('lru_hash')

/** What a {@link LruHashMap} or {@link LruPerCpuHashMap} is made of. */
export interface LruHashMapOptions<K, V> extends MapCodecs<K, V>, CreateOptions {
  /**
   * Whether each CPU has a list of its own, with `maxEntries` shared out among them: less contention, but a CPU evicts
   * from its own share while others have room. The kernel rounds `maxEntries` up to a multiple of the possible CPUs.
   * Default false.
   */
  readonly perCpuLists?: boolean | undefined
}

/**
 * A hash table that evicts entries that were not used for long when there is no room: what to choose for tables that
 * traffic fills, such as connections. `set` and a program's update find room always, at another entry's cost.
 *
 * Capacity: expect to lose entries well before there are `maxEntries`, as each CPU keeps up to 128 free ones for
 * itself, and evicts in lots. Make it twice as large as what must not be lost, and far larger than 128 entries a CPU.
 * Only programs' lookups and updates count as use; reading from here does not.
 *
 * @kernel 4.10
 *
 * @example
 * ```ts
 * import { LruHashMap, ipv4, u64 } from '@millrace/maps'
 *
 * using lastSeen = LruHashMap.create({ name: 'last_seen', key: ipv4, value: u64, maxEntries: 100_000 })
 * lastSeen.set('192.0.2.1', process.hrtime.bigint())
 * ```
 */
export class LruHashMap<K, V> extends HashTable<K, V> {
  private constructor(raw: RawMap, codecs: MapCodecs<K, V>) {
    super(raw, codecs.key, codecs.value)
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<K, V>(options: LruHashMapOptions<K, V>): LruHashMap<K, V> {
    return new LruHashMap(kind.create(options, options, lruFlags, ['key', 'value', 'perCpuLists']), options)
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of these codecs.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<K, V>(path: string, options: MapCodecs<K, V> & OpenOptions): LruHashMap<K, V> {
    return new LruHashMap(kind.open(path, options, options, ['key', 'value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<K, V>(raw: RawMap, codecs: MapCodecs<K, V>): LruHashMap<K, V> {
    return new LruHashMap(kind.check(raw, codecs), codecs)
  }

  /** Describes a map of an object file, for `load()`, as modules that `bpf2ts` writes do, or what a map of maps holds. */
  static spec<K, V>(spec: LruHashMapOptions<K, V> & SpecOptions): MapSpec<LruHashMap<K, V>> {
    return kind.spec(spec, spec, (raw) => new LruHashMap(raw, spec), lruFlags(spec))
  }
}

export function lruFlags({ perCpuLists = false }: Pick<LruHashMapOptions<unknown, unknown>, 'perCpuLists'>): number {
  return checkBoolean('options.perCpuLists', perCpuLists) ? mapFlags.perCpuLists : 0
}
