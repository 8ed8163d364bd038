import type { Codec, RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import { reject } from '../codec/reject.js'
import { decodedEntries } from '../iteration/decoded.js'
import { checkIteration, type IterationOptions } from '../iteration/iteration-options.js'
import { rejectArgument } from './arguments.js'
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
  /** of the entry buffer; a small integer, that wraps */
  private uses = 0

  /** @param valueCodec - of what one lookup gives: in per-CPU maps, the values of all CPUs */
  protected constructor(raw: RawMap, keyCodec: Codec<K>, valueCodec: Codec<V>) {
    super(raw)
    this.keyCodec = keyCodec
    this.valueCodec = valueCodec
    this.entry = new DataView(raw.entryBuffer())
    this.valueAt = Math.ceil(raw.keySize / 8) * 8
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

  abstract set(key: K, value: V): this

  abstract clear(): void

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
