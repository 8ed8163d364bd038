import type { MapSpec, RawMap } from '@millrace/core'
import { checkInteger, errno, mapOperationError } from '@millrace/core/internal'
import { u32 } from '../codecs/scalars.js'
import { createMapOfMaps } from './create-map-of-maps.js'
import type { InnerMap, InnerMapSpec } from './inner-map.js'
import { MapKind } from './map-kind.js'
import { MapOfMaps, type Slot } from './map-of-maps.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('array_of_maps')
const codecs = { key: u32, value: u32 }

/** What an {@link ArrayOfMaps} is made of. */
export interface ArrayOfMapsOptions<M extends InnerMap> extends InnerMapSpec<M>, Omit<CreateOptions, 'programAccess'> {}

/**
 * Maps by index, each of which user space can replace by another in one step: what to choose where programs are to see a whole
 * table change at once (a ring of backends, a set of rules), or where counters of an interval are read at rest (`swap`).
 *
 * **Replacing a map is atomic, and `set` waits.** A program that looks the index up sees the old map or the new one, never
 * none, and goes on with the one that it found until it returns. The kernel then waits until no program runs that may have
 * found the old one: when `set`, `swap` or `delete` returns, nobody uses it any more. That takes milliseconds, in which the
 * calling thread stands still; `setAll` waits once for many. Sleepable programs are not waited for. Programs can look up and
 * not write: only user space replaces maps.
 *
 * Capacity: `maxEntries` indexes, 8 bytes each, empty in the beginning. The array holds its maps, which may be closed once they
 * are in; of closing the array itself, they go with the last descriptor, pin and program.
 *
 * @typeParam M - the typed map that each one is: `HashMap<string, bigint>`
 *
 * @kernel 4.12
 *
 * @example
 * ```ts
 * import { ArrayMap, ArrayOfMaps, u32 } from '@millrace/maps'
 *
 * using rings = ArrayOfMaps.create({
 *   name: 'rings',
 *   maxEntries: 16,
 *   inner: ArrayMap.spec({ name: 'ring', value: u32, maxEntries: 65_537 }),
 * })
 * using ring = rings.createInner()
 * for (let i = 0; i < ring.maxEntries; i++) ring.set(i, i % 3)
 * rings.set(0, ring)                                        // no packet sees a part of it
 * ```
 */
export class ArrayOfMaps<M extends InnerMap> extends MapOfMaps<number, M> {
  private constructor(raw: RawMap, options: InnerMapSpec<M>) {
    super(raw, options)
  }

  /**
   * Makes an array without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<M extends InnerMap>(options: ArrayOfMapsOptions<M>): ArrayOfMaps<M> {
    return new ArrayOfMaps(
      createMapOfMaps(
        kind,
        () => codecs,
        options,
        () => 0,
        [],
      ),
      options,
    )
  }

  /**
   * Opens a pinned array, once sure that it is one. What its maps are, the kernel does not tell: the one at index 0 is
   * compared with the template, if there is one, and every other when it is opened.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<M extends InnerMap>(path: string, options: InnerMapSpec<M> & OpenOptions): ArrayOfMaps<M> {
    const raw = kind.open(path, codecs, options, ['inner'])
    try {
      return new ArrayOfMaps(raw, options).checkFirst()
    } catch (error) {
      raw.close()
      throw error
    }
  }

  /**
   * A typed array over an open map, of whose maps one is compared as by `open`.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<M extends InnerMap>(raw: RawMap, options: InnerMapSpec<M>): ArrayOfMaps<M> {
    return new ArrayOfMaps(kind.check(raw, codecs), options).checkFirst()
  }

  /** Describes an array of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<M extends InnerMap>(spec: InnerMapSpec<M> & SpecOptions): MapSpec<ArrayOfMaps<M>> {
    const { inner } = spec
    return { ...kind.spec(spec, codecs, (raw) => new ArrayOfMaps(raw, spec).checkFirst()), inner }
  }

  /**
   * Puts a map at an index, in place of the one that is there: programs see the old one or the new one. Returns when no
   * program uses the old one any more, after some milliseconds. The array holds the map: it may be closed afterwards.
   *
   * @throws {@link MapIncompatibleError} for a map that does not fit the template, with every difference
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_MAP_READ_ONLY, ERR_MAP_FLAGS ...
   * @throws {@link ArgumentError} for what is no index or no map, {@link ClosedError} when the array or the map was closed
   */
  override set(index: number, map: M): this {
    const inner = this.checkInner(map)
    this.put(this.encodeKey(index, 'set'), inner, 0)
    return this
  }

  /** Takes all maps out, one by one, each of which waits as `set` does. */
  override clear(): void {
    this.deleteAll(this.keys())
  }

  protected override encodeKey(index: number, operation: string): Uint8Array {
    checkInteger('index', index, 0, 0xffff_ffff)
    // The kernel's answers differ: ENOENT where a lookup is beyond the end, as for an empty index.
    if (index >= this.maxEntries) throw mapOperationError(this.raw, operation, errno.E2BIG)
    return indexBytes(index)
  }

  protected override *slots(): Iterable<Slot<number>> {
    for (let index = 0; index < this.maxEntries; index++) {
      const id = this.idAt(indexBytes(index), 'read entries')
      if (id !== undefined) yield [index, id]
    }
  }
}

function indexBytes(index: number): Uint8Array {
  const bytes = new Uint8Array(u32.size)
  new DataView(bytes.buffer).setUint32(0, index, true)
  return bytes
}
