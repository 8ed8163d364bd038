import { type ArrayView, ClosedError, type Codec, type MappedMemory, type MapSpec, type RawMap } from '@millrace/core'
import { checkBoolean, checkOptions, mapMemory } from '@millrace/core/internal'
import { u32 } from '../codecs/scalars.js'
import { IndexMap } from './index-map.js'
import { mapFlags } from './map-flags.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('array')
const arrayOptions = ['value', 'memoryMapped', 'anyMaxEntries']

/** The codec of an array's values; its keys are indexes. */
export interface ValueCodec<V> {
  readonly value: Codec<V>
}

/** What an {@link ArrayMap} is made of. */
export interface ArrayMapOptions<V> extends ValueCodec<V>, CreateOptions {
  /** whether the kernel puts the values where {@link ArrayMap.view} can map them; default false. Linux 5.5. */
  readonly memoryMapped?: boolean | undefined
  /**
   * Inside a map of maps, whether arrays of other `maxEntries` may stand in its place; default false. Programs then look
   * values up by a call, as in other kinds of maps, and not in place. Linux 5.10.
   */
  readonly anyMaxEntries?: boolean | undefined
}

/** How {@link ArrayMap.view} maps an array. */
export interface ViewOptions {
  /**
   * whether the values are to be written too. By default they can be where the map allows it: not when it is frozen, or was opened
   * read-only. A map that is mapped writably cannot be frozen.
   */
  readonly writable?: boolean | undefined
}

/**
 * An array: what to choose for tables by small numbers and for settings. All `maxEntries` values are there from the
 * beginning, as zeroes, and none can be removed: there is no `delete`. An index that is too large is an error, not
 * `undefined`.
 *
 * The fastest kind in programs: the JIT inlines the lookup. A value is written without a lock, so a program may see it
 * half written; 8 aligned bytes are always whole.
 *
 * @kernel 3.19
 *
 * @example
 * ```ts
 * import { ArrayMap, struct, u32 } from '@millrace/maps'
 *
 * const Limits = struct({ packetsPerSecond: u32, burst: u32 })
 * using limits = ArrayMap.create({ name: 'limits', value: Limits, maxEntries: 16 })
 * limits.set(3, { packetsPerSecond: 1000, burst: 50 })
 * limits.get(0)                                             // { packetsPerSecond: 0, burst: 0 }
 * ```
 */
export class ArrayMap<V> extends IndexMap<V> {
  #view: ArrayView<V> | undefined
  #readOnlyView: ArrayView<V> | undefined
  readonly #mapped: MappedMemory[] = []

  private constructor(raw: RawMap, { value }: ValueCodec<V>) {
    super(raw, value)
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<V>(options: ArrayMapOptions<V>): ArrayMap<V> {
    const raw = kind.create({ ...options, key: u32 }, options, arrayFlags, arrayOptions)
    return new ArrayMap(raw, options)
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of this codec.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<V>(path: string, options: ValueCodec<V> & OpenOptions): ArrayMap<V> {
    return new ArrayMap(kind.open(path, { ...options, key: u32 }, options, ['value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<V>(raw: RawMap, codec: ValueCodec<V>): ArrayMap<V> {
    return new ArrayMap(kind.check(raw, { ...codec, key: u32 }), codec)
  }

  /** Describes a map of an object file, for `load()`, as modules that `bpf2ts` writes do, or what a map of maps holds. */
  static spec<V>(spec: ArrayMapOptions<V> & SpecOptions): MapSpec<ArrayMap<V>> {
    return kind.spec(spec, { ...spec, key: u32 }, (raw) => new ArrayMap(raw, spec), arrayFlags(spec))
  }

  /**
   * The values in the memory of this process, for reading and writing without system calls. The same view at every call; once got it stays
   * valid, also when the map is closed, and keeps the memory for as long as it is reachable.
   *
   * @throws {@link KernelError} when the map was made without `memoryMapped`, in C `BPF_F_MMAPABLE`, or is to be writable and is frozen
   * @throws {@link ArgumentError}, {@link ClosedError}
   *
   * @kernel 5.5
   *
   * @example
   * ```ts
   * import { ArrayMap, u64 } from '@millrace/maps'
   *
   * using counters = ArrayMap.create({ name: 'counters', value: u64, maxEntries: 16, memoryMapped: true })
   * const view = counters.view()
   * view.get(0)                                               // 0n
   * view.add(0, 1n)                                           // 0n: what it was; programs may add at the same time
   * ```
   */
  view(options: ViewOptions = {}): ArrayView<V> {
    checkOptions('options', options, ['writable'])
    const { writable } = options
    if (writable !== undefined) checkBoolean('options.writable', writable)
    if (this.closed) throw new ClosedError({ what: 'map', name: this.name })
    if (writable === false) {
      this.#readOnlyView ??= this.#map(false)
      return this.#readOnlyView
    }
    if (this.#view === undefined || (writable && !this.#view.writable)) {
      this.#view = this.#map(writable)
    }
    return this.#view
  }

  /** Gives the descriptor back. A second call does nothing. Views stay valid. */
  override close(): void {
    super.close()
    for (const memory of this.#mapped) memory.close()
  }

  #map(writable: boolean | undefined): ArrayView<V> {
    const memory = mapMemory(this.raw, writable)
    this.#mapped.push(memory)
    // The kernel's own padding: values begin at multiples of 8.
    const stride = Math.ceil(this.raw.valueSize / 8) * 8
    return memory.array(this.valueCodec, { length: this.maxEntries, stride })
  }
}

function arrayFlags({ memoryMapped = false, anyMaxEntries = false }: Omit<ArrayMapOptions<unknown>, 'value'>): number {
  const mapped = checkBoolean('options.memoryMapped', memoryMapped) ? mapFlags.memoryMapped : 0
  return mapped | (checkBoolean('options.anyMaxEntries', anyMaxEntries) ? mapFlags.anyMaxEntries : 0)
}
