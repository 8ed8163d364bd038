import { ClosedError, MapIncompatibleError, MapOperationError, type MillraceError, type RawMap } from '@millrace/core'
import { errno, mapOperationError, nativeBinding } from '@millrace/core/internal'
import { type BatchSupport, batchSupport } from '../iteration/batch-support.js'
import { deleteKeys } from '../iteration/delete-keys.js'
import { type ConcurrentChange, checkIteration, type IterationOptions } from '../iteration/iteration-options.js'
import { isUnsupported } from '../iteration/unsupported.js'
import { checkIterable } from './arguments.js'
import type { BpfMap } from './bpf-map.js'
import type { InnerMap, InnerMapOptions, InnerMapSpec } from './inner-map.js'
import { InnerMapTemplate } from './inner-map-template.js'
import { KernelMap } from './kernel-map.js'

/** How often a map may be replaced, and gone, between reading its id and opening it, until that is an error. */
const mostReplaced = 100

/** A key, and the id of the map that is there. */
export type Slot<K> = readonly [key: K, id: number]

/** What ArrayOfMaps and HashOfMaps have in common: maps go in by their descriptors, and come out as ids. */
export abstract class MapOfMaps<K, M extends InnerMap> extends KernelMap implements BpfMap<K, M> {
  readonly #inner: InnerMapTemplate<M>
  readonly #value = new Uint8Array(4)
  readonly #valueView = new DataView(this.#value.buffer)

  protected constructor(raw: RawMap, { inner }: InnerMapSpec<M>) {
    super(raw)
    this.#inner = new InnerMapTemplate('options.inner', inner)
  }

  /**
   * Opens the map at a key, `undefined` when there is none. It is the caller's to close, and stays what it is when another
   * takes its place.
   *
   * @throws {@link MissingCapabilityError} without CAP_SYS_ADMIN, which the kernel wants of those who open maps by their ids
   * @throws {@link MapIncompatibleError} when it is not what the template says, which a map of another program's may not be
   * @throws {@link MapOperationError} ERR_MAP_CHANGED when it is replaced faster than it can be opened
   * @throws {@link ArgumentError} for a key that does not fit its type, {@link ClosedError}
   */
  get(key: K): M | undefined {
    return this.#open(this.encodeKey(key, 'get'), 'get')
  }

  /**
   * The id of the map at a key, `undefined` when there is none: to tell whether it is still the same.
   *
   * @throws {@link MapOperationError}, {@link ArgumentError}, {@link ClosedError}
   */
  idOf(key: K): number | undefined {
    return this.idAt(this.encodeKey(key, 'idOf'), 'idOf')
  }

  /** Whether there is a map at the key. Throws as `idOf` does. */
  has(key: K): boolean {
    return this.idAt(this.encodeKey(key, 'has'), 'has') !== undefined
  }

  /** Puts a map at a key. */
  abstract set(key: K, map: M): this

  /**
   * Puts a map at a key and opens the one that was there, `undefined` when there was none; the caller closes it. Programs
   * are done with the old one when this returns: read it at leisure, nothing is counted there any more (sleepable programs
   * excepted). Where others write the same key at the same time, the one that is returned may not be the one that was replaced.
   *
   * @throws as `get` and `set` do
   *
   * @example
   * ```ts
   * import { ArrayOfMaps, HashMap, ipv4, u64 } from '@millrace/maps'
   *
   * using hits = ArrayOfMaps.create({
   *   name: 'hits',
   *   maxEntries: 1,
   *   inner: HashMap.spec({ name: 'hits_by_source', key: ipv4, value: u64, maxEntries: 10_000 }),
   * })
   * hits.set(0, hits.createInner())
   * using empty = hits.createInner()
   * using counted = hits.swap(0, empty)                       // of one interval, none lost and none counted twice
   * for (const [source, packets] of counted ?? []) console.log(source, packets)
   * ```
   */
  swap(key: K, map: M): M | undefined {
    const old = this.get(key)
    try {
      this.set(key, map)
    } catch (error) {
      old?.close()
      throw error
    }
    return old
  }

  /**
   * Puts many maps in, in one system call, which waits once for running programs instead of once for each map. Programs see
   * each entry change by itself.
   *
   * @throws as `set` does; entries before the one that is refused are written
   *
   * @kernel 5.19 for one call, and 6.8 for one wait; before that as many as there are entries
   */
  setAll(entries: Iterable<readonly [key: K, map: M]>): this {
    checkIterable('entries', entries, 'an array, Map or other iterable of [key, map]')
    const all = [...entries].map(([key, map]) => ({ key: this.encodeKey(key, 'setAll'), raw: this.#inner.check(map) }))
    if (all.length === 0) return this
    const keys = new Uint8Array(all.length * this.raw.keySize)
    const values = new Uint32Array(all.length)
    for (const [i, { key, raw }] of all.entries()) {
      keys.set(key, i * this.raw.keySize)
      values[i] = descriptorOf(raw)
    }
    const count = Uint32Array.of(all.length)
    const result = this.raw.updateBatch(keys, new Uint8Array(values.buffer), count)
    const [done = 0] = count
    // Where the kernel knows no batches for maps of maps, it leaves the count as it was.
    if (isUnsupported(result) && done === all.length) {
      for (const [i, { key, raw }] of all.entries()) this.put(key, raw, 0, `set entries[${i}]`)
    } else if (result !== 0) throw refusal(this.raw, `set entries[${done}]`, result)
    return this
  }

  /**
   * Takes a map out. It goes when nobody else has it, after the programs that use it now. False when there was none. Waits
   * as `set` does.
   *
   * @throws {@link MapOperationError}, {@link ArgumentError}, {@link ClosedError}
   */
  delete(key: K): boolean {
    const result = this.raw.delete(this.encodeKey(key, 'delete'))
    if (result === 0) return true
    if (result === -errno.ENOENT) return false
    throw mapOperationError(this.raw, 'delete', result)
  }

  /**
   * Takes many maps out. Not atomic. Of a hash of maps in one system call, which waits once as `setAll` does; of an array each
   * in one of its own.
   *
   * @returns how many of them were there
   * @throws {@link MapOperationError}, {@link ArgumentError}, {@link ClosedError}
   */
  deleteAll(keys: Iterable<K>): number {
    checkIterable('keys', keys, 'an array, Set or other iterable of keys')
    const encoded = [...keys].map((key) => this.encodeKey(key, 'delete'))
    const bytes = new Uint8Array(encoded.length * this.raw.keySize)
    for (const [i, key] of encoded.entries()) bytes.set(key, i * this.raw.keySize)
    return deleteKeys(this.raw, bytes, encoded.length, 'delete')
  }

  /** Which operations the running kernel does in batches; the others are done one by one, each of which waits. */
  batches(): BatchSupport {
    if (this.closed) throw new ClosedError({ what: 'map', name: this.name })
    return batchSupport(this.raw)
  }

  /**
   * Makes a map that fits, empty. It is the caller's to put in and to close.
   *
   * Of a template with a lock or a timer in its values it does not fit: the kernel knows these only in maps of object files.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  createInner(options: InnerMapOptions = {}): M {
    return this.#inner.create(options)
  }

  /**
   * Keys and the maps that are there. **Each map is open until the next is asked for**: for one that is to stay open, `get` it.
   * `for (const [key, map] of maps)` is the same. Throws as `get` does.
   */
  *entries(options: IterationOptions = {}): IterableIterator<[K, M]> {
    for (const [key, id] of this.slots(checkIteration(options))) {
      const map = this.#openId(id) ?? this.get(key)
      if (map === undefined) continue
      try {
        yield [key, map]
      } finally {
        map.close()
      }
    }
  }

  /** The keys that have a map. */
  *keys(options: IterationOptions = {}): IterableIterator<K> {
    for (const [key] of this.slots(checkIteration(options))) yield key
  }

  /** The maps, as `entries` gives them: each is open until the next is asked for. */
  *values(options: IterationOptions = {}): IterableIterator<M> {
    for (const [, map] of this.entries(options)) yield map
  }

  /** Keys and the ids of the maps that are there, none of which is opened. */
  *ids(options: IterationOptions = {}): IterableIterator<[K, number]> {
    for (const [key, id] of this.slots(checkIteration(options))) yield [key, id]
  }

  /** Calls back with each map and key, as `entries` gives them: the map is closed when the callback returns. */
  forEach(callback: (map: M, key: K) => void): void {
    for (const [key, map] of this.entries()) callback(map, key)
  }

  /** Takes all maps out. Not atomic: programs see it proceed. */
  abstract clear(): void

  [Symbol.iterator](): IterableIterator<[K, M]> {
    return this.entries()
  }

  /** In a place of its own: reading a caller's fields may use this map. */
  protected abstract encodeKey(key: K, operation: string): Uint8Array
  /** The keys that have a map. */
  protected abstract slots(policy: ConcurrentChange): Iterable<Slot<K>>

  protected checkInner(map: M): RawMap {
    return this.#inner.check(map)
  }

  protected put(key: Uint8Array, inner: RawMap, flags: number, operation = 'set'): void {
    this.#valueView.setUint32(0, descriptorOf(inner), true)
    const result = this.raw.update(key, this.#value, flags)
    if (result !== 0) throw refusal(this.raw, operation, result)
  }

  protected idAt(key: Uint8Array, operation: string): number | undefined {
    const result = this.raw.lookup(key, this.#value)
    if (result === 0) return this.#valueView.getUint32(0, true)
    if (result === -errno.ENOENT) return undefined
    throw mapOperationError(this.raw, operation, result)
  }

  /**
   * Compares a map that is inside already with the template: the kernel does not tell what the outer map was made for.
   *
   * @throws {@link MapIncompatibleError}
   */
  protected checkFirst(): this {
    const key = new Uint8Array(this.raw.keySize)
    if (this.raw.nextKey(null, key) !== 0) return this
    try {
      this.#open(key, 'open')?.close()
    } catch (error) {
      // A process that may not read the map, or not open others by their ids, finds out when it does.
      if (error instanceof MapIncompatibleError) throw error
    }
    return this
  }

  #open(key: Uint8Array, operation: string): M | undefined {
    for (let replaced = 0; replaced < mostReplaced; replaced++) {
      const id = this.idAt(key, operation)
      if (id === undefined) return undefined
      const map = this.#openId(id)
      if (map !== undefined) return map
    }
    throw new MapOperationError({
      code: 'ERR_MAP_CHANGED',
      map: this.name,
      operation,
      errno: 0,
      reason: `the map at this key was replaced ${mostReplaced} times while it was opened`,
    })
  }

  #openId(id: number): M | undefined {
    return this.#inner.open(id, this.pinPath ?? '')
  }
}

function descriptorOf(inner: RawMap): number {
  const descriptor = nativeBinding().descriptor(inner.handle)
  if (descriptor < 0) throw new ClosedError({ what: 'map', name: inner.name })
  return descriptor
}

/** The error for a map that the kernel did not put in. */
function refusal(raw: RawMap, operation: string, result: number): MillraceError {
  if (result !== -errno.EINVAL) return mapOperationError(raw, operation, result)
  const reason =
    'the outer map was made for other maps than its template says, or for values with a lock or a timer, which only ' +
    'maps of object files have (EINVAL)'
  return new MapOperationError({ code: 'ERR_MAP_FLAGS', map: raw.name, operation, errno: errno.EINVAL, reason })
}
