import type { MapSpec, RawMap } from '@millrace/core'
import { checkInteger, errno, mapOperationError } from '@millrace/core/internal'
import type { ValueCodec } from './array-map.js'
import { KeylessMap } from './keyless-map.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('bloom_filter')

/** What a {@link BloomFilter} is made of; `maxEntries` is how many values it is to be good for. */
export interface BloomFilterOptions<V> extends ValueCodec<V>, CreateOptions {
  /** of how many bits a value is made, 1 to 15; default 5. More are slower and, up to a point, less often wrong. */
  readonly hashes?: number | undefined
}

/**
 * A set that is sometimes wrong, and small for it: `has` is true for every value that was added, and for some that were not. What to
 * choose in front of a large table that most packets are not in, so that these are done with after a few bits.
 *
 * Capacity: the kernel takes about 7/5 bits for each of `maxEntries` values and hash function, and rounds that up to a power of two;
 * one value in thirty or so is then taken for one that was added (5 hash functions, as many values as it was made
 * for). It takes more values without an error and is wrong more often. Nothing can be taken out, and nothing read back.
 *
 * The map keeps bits of hashes with a seed of its own: those of two maps cannot be compared. In C, the number of hash functions is
 * `__uint(map_extra, ...)`.
 *
 * @kernel 5.16
 *
 * @example
 * ```ts
 * import { BloomFilter, ipv4 } from '@millrace/maps'
 *
 * using seen = BloomFilter.create({ name: 'seen', value: ipv4, maxEntries: 100_000, hashes: 7 })
 * seen.add('192.0.2.1')
 * seen.has('192.0.2.1')                                     // true
 * seen.has('192.0.2.2')                                     // false, most likely
 * ```
 */
export class BloomFilter<V> extends KeylessMap<V> {
  private constructor(raw: RawMap, { value }: ValueCodec<V>) {
    super(raw, value)
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link UnsupportedKernelError}, {@link KernelError}
   */
  static create<V>(options: BloomFilterOptions<V>): BloomFilter<V> {
    // 0 leaves the number to the kernel.
    const hashes = options?.hashes === undefined ? 0 : checkInteger('options.hashes', options.hashes, 1, 15)
    const codecs = { key: null, value: options?.value }
    return new BloomFilter(
      kind.create(codecs, options, () => 0, ['value', 'hashes'], hashes),
      options,
    )
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of this codec.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<V>(path: string, options: ValueCodec<V> & OpenOptions): BloomFilter<V> {
    return new BloomFilter(kind.open(path, { key: null, value: options?.value }, options, ['value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<V>(raw: RawMap, codec: ValueCodec<V>): BloomFilter<V> {
    return new BloomFilter(kind.check(raw, { key: null, value: codec?.value }), codec)
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<V>(spec: ValueCodec<V> & SpecOptions): MapSpec<BloomFilter<V>> {
    return kind.spec(spec, { key: null, value: spec.value }, (raw) => new BloomFilter(raw, spec))
  }

  /**
   * Adds a value.
   *
   * @throws {@link ArgumentError} for a value that does not fit its type
   * @throws {@link MapOperationError}, {@link ClosedError}
   */
  add(value: V): this {
    this.encode(value)
    const result = this.raw.update(null, this.buffer)
    if (result < 0) throw mapOperationError(this.raw, 'add', result)
    return this
  }

  /** Whether the value may have been added: false is certain. Throws as `add` does. */
  has(value: V): boolean {
    this.encode(value)
    const result = this.raw.lookup(null, this.buffer)
    if (result === 0) return true
    if (result === -errno.ENOENT) return false
    throw mapOperationError(this.raw, 'has', result)
  }
}
