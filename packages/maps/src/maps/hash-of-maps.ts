import type { Codec, MapSpec, RawMap } from '@millrace/core'
import { u32 } from '../codecs/scalars.js'
import { decodedEntries } from '../iteration/decoded.js'
import { deleteEach } from '../iteration/delete-each.js'
import type { ConcurrentChange } from '../iteration/iteration-options.js'
import { rejectArgument } from './arguments.js'
import { createMapOfMaps } from './create-map-of-maps.js'
import { type HashMapOptions, hashFlags } from './hash-map.js'
import type { InnerMap, InnerMapSpec } from './inner-map.js'
import { MapKind } from './map-kind.js'
import { MapOfMaps, type Slot } from './map-of-maps.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import { type UpdateMode, updateFlags } from './update-mode.js'

const kind = new MapKind('hash_of_maps')

/** The codec of the keys of a {@link HashOfMaps}, and what its maps are. */
export interface HashOfMapsCodec<K, M extends InnerMap> extends InnerMapSpec<M> {
  readonly key: Codec<K>
}

/** What a {@link HashOfMaps} is made of. */
export interface HashOfMapsOptions<K, M extends InnerMap>
  extends HashOfMapsCodec<K, M>,
    Omit<CreateOptions, 'programAccess'>,
    Pick<HashMapOptions<K, M>, 'preallocate'> {}

/**
 * Maps by key, each of which user space can replace by another in one step: a table for each tenant, service or interface,
 * that comes and goes with it. With keys that are small numbers, {@link ArrayOfMaps} is faster.
 *
 * **Replacing a map, and what programs see.** From Linux 6.16 on a program that looks the key up sees the old map or the new
 * one, never none. Before, a lookup that is under way at that moment may find neither, rarely: where a program must not miss,
 * choose {@link ArrayOfMaps}, or look up again. A program goes on with the map that it found until it returns. `set`, `swap` and
 * `delete` return when no program uses the old map any more, which takes milliseconds, in which the calling thread stands still;
 * `setAll` waits once for many. Sleepable programs are not waited for. Programs can look up and not write: only user space
 * replaces maps.
 *
 * Capacity: as in {@link HashMap}; when it is full, a new key is refused with ERR_MAP_FULL. It holds its maps, which may be closed
 * once they are in.
 *
 * @typeParam M - the typed map that each one is: `LruHashMap<string, Flow>`
 *
 * @kernel 4.12; 6.16 to replace atomically
 *
 * @example
 * ```ts
 * import { HashOfMaps, ipv4, ipv4Prefix, LpmTrieMap, u32 } from '@millrace/maps'
 *
 * using tenants = HashOfMaps.create({
 *   name: 'tenants',
 *   key: u32,
 *   maxEntries: 1024,
 *   inner: LpmTrieMap.spec({ name: 'routes', key: ipv4Prefix, value: ipv4, maxEntries: 256 }),
 * })
 * using routes = tenants.createInner({ maxEntries: 4096 })
 * routes.set({ prefixLength: 8, address: '10.0.0.0' }, '192.0.2.1')
 * tenants.set(7, routes)
 * for (const [tenant, routes] of tenants) console.log(tenant, [...routes.keys()])
 * ```
 */
export class HashOfMaps<K, M extends InnerMap> extends MapOfMaps<K, M> {
  readonly #keyCodec: Codec<K>

  private constructor(raw: RawMap, options: HashOfMapsCodec<K, M>) {
    super(raw, options)
    this.#keyCodec = options.key
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<K, M extends InnerMap>(options: HashOfMapsOptions<K, M>): HashOfMaps<K, M> {
    return new HashOfMaps(createMapOfMaps(kind, codecs, options, hashFlags, ['key', 'preallocate']), options)
  }

  /**
   * Opens a pinned map, once sure that it is of this kind. What its maps are, the kernel does not tell: the first is compared
   * with the template, if there is one, and every other when it is opened.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<K, M extends InnerMap>(path: string, options: HashOfMapsCodec<K, M> & OpenOptions): HashOfMaps<K, M> {
    const raw = kind.open(path, codecs(options), options, ['key', 'inner'])
    try {
      return new HashOfMaps(raw, options).checkFirst()
    } catch (error) {
      raw.close()
      throw error
    }
  }

  /**
   * A typed map over an open one, of whose maps one is compared as by `open`.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<K, M extends InnerMap>(raw: RawMap, options: HashOfMapsCodec<K, M>): HashOfMaps<K, M> {
    return new HashOfMaps(kind.check(raw, codecs(options)), options).checkFirst()
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<K, M extends InnerMap>(spec: HashOfMapsCodec<K, M> & SpecOptions): MapSpec<HashOfMaps<K, M>> {
    const { inner } = spec
    return { ...kind.spec(spec, codecs(spec), (raw) => new HashOfMaps(raw, spec).checkFirst()), inner }
  }

  /**
   * Puts a map at a key, in place of the one that is there: see the class for what programs see. Returns when no program uses
   * the old one any more, after some milliseconds. The given map may be closed afterwards.
   *
   * @param mode - `any` (default), `create` only or `replace` only
   * @throws {@link MapIncompatibleError} for a map that does not fit the template, with every difference
   * @throws {@link MapOperationError} ERR_MAP_FULL, ERR_KEY_EXISTS, ERR_KEY_MISSING, ERR_MAP_READ_ONLY, ERR_MAP_FLAGS ...
   * @throws {@link ArgumentError} for a key that does not fit its type or what is no map
   * @throws {@link ClosedError} when this map or the other was closed
   */
  override set(key: K, map: M, mode: UpdateMode = 'any'): this {
    const flags = updateFlags(mode)
    const bytes = this.encodeKey(key)
    this.put(bytes, this.checkInner(map), flags)
    return this
  }

  /** Takes out all maps that are there when it begins. Not atomic: programs see it proceed. */
  override clear(): void {
    deleteEach(this.raw)
  }

  protected override encodeKey(key: K): Uint8Array {
    const bytes = new Uint8Array(this.raw.keySize)
    try {
      this.#keyCodec.encode(key, new DataView(bytes.buffer), 0)
    } catch (error) {
      rejectArgument(error, 'key', key)
    }
    return bytes
  }

  protected override slots(policy: ConcurrentChange): Iterable<Slot<K>> {
    return decodedEntries(this.raw, policy, (keys, keyAt, values, valueAt) => [
      this.#keyCodec.decode(keys, keyAt),
      values.getUint32(valueAt, true),
    ])
  }
}

/** What comes out of the kernel is ids. */
function codecs<K, M extends InnerMap>(options: HashOfMapsCodec<K, M> | undefined) {
  return { key: options?.key as Codec<K>, value: u32 }
}
