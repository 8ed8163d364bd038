import { ArgumentError, type MapSpec, type RawMap } from '@millrace/core'
import { EntryMap } from './entry-map.js'
import { mapFlags } from './map-flags.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, MapCodecs, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('lpm_trie')

/** The kernel's key begins with a `__u32 prefixlen`. */
const PREFIX_LENGTH_SIZE = 4

/** What a {@link LpmTrieMap} is made of. */
export interface LpmTrieMapOptions<K, V> extends MapCodecs<K, V>, CreateOptions {}

/**
 * A table of prefixes in which a lookup finds the longest that matches: what to choose for routes and for lists of
 * networks. A key is a struct that begins with the prefix's length in bits, a u32 in the machine's byte order, and goes
 * on with the bits, the most significant first: {@link ipv4Prefix}, {@link ipv6Prefix}, or any struct of that form.
 *
 * `get` and `has` look up as programs do: they find the longest prefix that contains the key, so with a full length the
 * entry for an address. `delete` and `set` mean this very prefix. Bits behind the prefix's length are kept as they were
 * given, and come back so, but do not count: `10.1.2.3/8` and `10.0.0.0/8` are one key.
 *
 * Capacity: exactly `maxEntries`; memory is taken entry by entry. A prefix has at most 2048 bits. A lookup walks one
 * node a branching bit, far slower than a hash table's.
 *
 * @kernel 4.11; iterating 4.16
 *
 * @example
 * ```ts
 * import { ipv4Prefix, LpmTrieMap, u32 } from '@millrace/maps'
 *
 * using routes = LpmTrieMap.create({ name: 'routes', key: ipv4Prefix, value: u32, maxEntries: 1024 })
 * routes.set({ prefixLength: 8, address: '10.0.0.0' }, 1)
 * routes.set({ prefixLength: 24, address: '10.1.2.0' }, 2)
 * routes.get({ prefixLength: 32, address: '10.1.2.3' })     // 2
 * routes.get({ prefixLength: 32, address: '10.9.9.9' })     // 1
 * ```
 */
export class LpmTrieMap<K, V> extends EntryMap<K, V> {
  readonly #bits: number

  private constructor(raw: RawMap, { key, value }: MapCodecs<K, V>) {
    super(raw, key, value)
    this.#bits = (key.size - PREFIX_LENGTH_SIZE) * 8
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<K, V>(options: LpmTrieMapOptions<K, V>): LpmTrieMap<K, V> {
    // The kernel refuses to make one with preallocated entries.
    return new LpmTrieMap(
      kind.create(options, options, () => mapFlags.noPreallocation, ['key', 'value']),
      options,
    )
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of these codecs.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<K, V>(path: string, options: MapCodecs<K, V> & OpenOptions): LpmTrieMap<K, V> {
    return new LpmTrieMap(kind.open(path, options, options, ['key', 'value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<K, V>(raw: RawMap, codecs: MapCodecs<K, V>): LpmTrieMap<K, V> {
    return new LpmTrieMap(kind.check(raw, codecs), codecs)
  }

  /** Describes a map of an object file, for `load()`, as modules that `bpf2ts` writes do, or what a map of maps holds. */
  static spec<K, V>(spec: MapCodecs<K, V> & SpecOptions): MapSpec<LpmTrieMap<K, V>> {
    return kind.spec(spec, spec, (raw) => new LpmTrieMap(raw, spec), mapFlags.noPreallocation)
  }

  /**
   * The kernel refuses a length beyond the key's bits in a write, and answers a lookup with nothing: here each is told.
   */
  protected override encodeKey(key: K): void {
    super.encodeKey(key)
    const length = this.entry.getUint32(0, true)
    if (length <= this.#bits) return
    const expected = `a prefix of at most ${this.#bits} bits, which is what follows its length`
    throw new ArgumentError({ argument: 'key', value: key, expected })
  }
}
