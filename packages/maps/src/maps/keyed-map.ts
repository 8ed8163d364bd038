import { ArgumentError, ClosedError, type Codec, type RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import { reject } from '../codec/reject.js'
import { type BatchSupport, batchSupport } from '../iteration/batch-support.js'
import { decodedEntries } from '../iteration/decoded.js'
import type { RawEntries } from '../iteration/entry-buffers.js'
import { checkIteration, type IterationOptions } from '../iteration/iteration-options.js'
import { readEntries } from '../iteration/read-entries.js'
import { writeEntries } from '../iteration/write-entries.js'
import { checkIterable, rejectArgument } from './arguments.js'
import type { BpfMap } from './bpf-map.js'
import { KernelMap } from './kernel-map.js'

/** A getter that looks into the map would leave another entry in the buffer. */
const undisturbed = 'fields that do not use this map while they are read'

/**
 * Keys and values in one kernel map, read and written through codecs, by way of the map's own entry buffer: nothing is
 * allocated but what is decoded.
 */
export abstract class KeyedMap<K, V> extends KernelMap implements BpfMap<K, V> {
  protected readonly keyCodec: Codec<K>
  protected readonly valueCodec: Codec<V>
  /** over the entry buffer: the key first */
  protected readonly entry: DataView
  private readonly valueAt: number
  private readonly valueBytes: Uint8Array
  /** of the entry buffer; a small integer, that wraps */
  private uses = 0

  /** @param valueCodec - of what one lookup gives: in per-CPU maps, the values of all CPUs */
  protected constructor(raw: RawMap, keyCodec: Codec<K>, valueCodec: Codec<V>) {
    super(raw)
    this.keyCodec = keyCodec
    this.valueCodec = valueCodec
    this.entry = new DataView(raw.entryBuffer())
    this.valueAt = Math.ceil(raw.keySize / 8) * 8
    this.valueBytes = new Uint8Array(this.entry.buffer, this.valueAt)
  }

  /**
   * The value of a key, `undefined` when there is none.
   *
   * @throws {@link ArgumentError} for a key that does not fit its type
   * @throws {@link MapOperationError}, {@link ClosedError}
   */
  get(key: K): V | undefined {
    this.encodeKey(key)
    const result = this.raw.lookupEntry()
    if (result === 0) return this.decodeValue()
    if (result === -errno.ENOENT) return undefined
    throw mapOperationError(this.raw, 'get', result)
  }

  /** Whether the key has a value. Throws as `get` does. */
  has(key: K): boolean {
    this.encodeKey(key)
    const result = this.raw.lookupEntry()
    if (result === 0) return true
    if (result === -errno.ENOENT) return false
    throw mapOperationError(this.raw, 'has', result)
  }

  /**
   * Copies the value of a key as the bytes that the kernel has, and makes nothing: for those who count nanoseconds.
   *
   * @param value - as long as `raw.valueBufferSize`, or longer
   * @returns false, with nothing written, when there is no such key
   * @throws {@link ArgumentError} for a key that does not fit its type, and for what is too short
   * @throws {@link MapOperationError}, {@link ClosedError}
   *
   * @example
   * ```ts
   * import { HashMap, ipv4, u64 } from '@millrace/maps'
   *
   * using packets = HashMap.create({ name: 'packets', key: ipv4, value: u64, maxEntries: 1024 })
   * const bytes = new Uint8Array(packets.raw.valueBufferSize)
   * const count = new BigUint64Array(bytes.buffer)
   * if (packets.getInto('192.0.2.1', bytes)) console.log(count[0])
   * ```
   */
  getInto(key: K, value: Uint8Array): boolean {
    if (!(value instanceof Uint8Array) || value.length < this.valueBytes.length) {
      const expected = `a Uint8Array of ${this.valueBytes.length} bytes or more`
      throw new ArgumentError({ argument: 'value', value, expected })
    }
    const found = this.has(key)
    if (found) value.set(this.valueBytes)
    return found
  }

  abstract set(key: K, value: V): this

  /**
   * Writes many values, thousands in one system call where the kernel has it. Programs see each value whole, and the map
   * fill up. No more than a batch of them is in memory at once, so the entries may come from a generator.
   *
   * @throws {@link ArgumentError} for an entry that does not fit: it and those of its batch are not written, earlier ones are
   * @throws {@link MapOperationError} ERR_MAP_FULL ...: those before the entry that it names are written
   * @throws {@link ClosedError}
   *
   * @example
   * ```ts
   * import { HashMap, u32, u64 } from '@millrace/maps'
   *
   * using weights = HashMap.create({ name: 'weights', key: u32, value: u64, maxEntries: 1024 })
   * weights.setAll([[1, 10n], [2, 20n]])
   * weights.setAll(new Map([[3, 30n]]))
   * ```
   */
  setAll(entries: Iterable<readonly [K, V]>): this {
    checkIterable('entries', entries, 'an array, Map or other iterable of [key, value]')
    writeEntries(this.raw, { key: this.keyCodec, value: this.valueCodec }, entries)
    return this
  }

  abstract clear(): void

  /** Which operations the running kernel does in batches; the others are done one by one, which nobody notices but the clock. */
  batches(): BatchSupport {
    if (this.closed) throw new ClosedError({ what: 'map', name: this.name })
    return batchSupport(this.raw)
  }

  /**
   * Keys and values, in no order, read in batches. The map may change meanwhile: an entry that stays comes exactly
   * once.
   */
  entries(options: IterationOptions = {}): IterableIterator<[K, V]> {
    const { keyCodec, valueCodec } = this
    return decodedEntries(this.raw, checkIteration(options), (keys, keyAt, values, valueAt) => [
      keyCodec.decode(keys, keyAt),
      valueCodec.decode(values, valueAt),
    ])
  }

  /** The keys, as `entries` gives them. */
  keys(options: IterationOptions = {}): IterableIterator<K> {
    const { keyCodec } = this
    return decodedEntries(this.raw, checkIteration(options), (keys, keyAt) => keyCodec.decode(keys, keyAt))
  }

  /** The values, as `entries` gives them. */
  values(options: IterationOptions = {}): IterableIterator<V> {
    const { valueCodec } = this
    return decodedEntries(this.raw, checkIteration(options), (_keys, _keyAt, values, valueAt) =>
      valueCodec.decode(values, valueAt),
    )
  }

  /**
   * Entries as the bytes that the kernel has, in batches, as `entries` reads them: nothing is made for an entry. Use a batch before
   * the next one is asked for, which has the same memory.
   *
   * @example
   * ```ts
   * import { HashMap, u32, u64 } from '@millrace/maps'
   *
   * using packets = HashMap.create({ name: 'packets', key: u32, value: u64, maxEntries: 1024 })
   * let sum = 0n
   * for (const { values, count } of packets.entriesRaw()) {
   *   const numbers = new BigUint64Array(values.buffer)
   *   for (let i = 0; i < count; i++) sum += numbers[i] ?? 0n
   * }
   * ```
   */
  entriesRaw(options: IterationOptions = {}): IterableIterator<RawEntries> {
    return readEntries(this.raw, checkIteration(options))
  }

  /** Calls back with each value and key, as `entries` gives them. */
  forEach(callback: (value: V, key: K) => void): void {
    for (const [key, value] of this.entries()) callback(value, key)
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries()
  }

  protected encodeKey(key: K): void {
    this.uses = (this.uses + 1) | 0
    const { uses } = this
    try {
      this.keyCodec.encode(key, this.entry, 0)
    } catch (error) {
      rejectArgument(error, 'key', key)
    }
    if (this.uses !== uses) reject('key', key, undisturbed)
  }

  protected encodeValue(value: V): void {
    const { uses } = this
    try {
      this.valueCodec.encode(value, this.entry, this.valueAt)
    } catch (error) {
      rejectArgument(error, 'value', value)
    }
    if (this.uses !== uses) reject('value', value, undisturbed)
  }

  protected decodeValue(): V {
    return this.valueCodec.decode(this.entry, this.valueAt)
  }
}
