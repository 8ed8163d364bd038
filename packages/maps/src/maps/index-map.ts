import { ClosedError, type Codec, type RawMap } from '@millrace/core'
import { mapOperationError } from '@millrace/core/internal'
import { u32 } from '../codecs/scalars.js'
import { writeZeroes } from '../iteration/write-zeroes.js'
import { KeyedMap } from './keyed-map.js'

/**
 * What the two kinds of arrays have in common: every index below `maxEntries` has a value, from the beginning and for
 * good.
 */
export abstract class IndexMap<V> extends KeyedMap<number, V> {
  protected constructor(raw: RawMap, valueCodec: Codec<V>) {
    super(raw, u32, valueCodec)
  }

  /**
   * The value at an index.
   *
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_MAP_READ_ONLY ...
   * @throws {@link ArgumentError} for what is no index, {@link ClosedError}
   */
  override get(index: number): V {
    this.encodeKey(index)
    const result = this.raw.lookupEntry()
    if (result === 0) return this.decodeValue()
    throw mapOperationError(this.raw, 'get', result)
  }

  /** Whether the index is below `maxEntries`. Throws for what is no index, and when the map is closed. */
  override has(index: number): boolean {
    this.encodeKey(index)
    if (this.closed) throw new ClosedError({ what: 'map', name: this.name })
    return index < this.maxEntries
  }

  /**
   * Writes the value at an index. A program may see it half written: the kernel copies it without a lock.
   *
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_MAP_READ_ONLY ...
   * @throws {@link ArgumentError} for an index or a value that does not fit its type, {@link ClosedError}
   */
  set(index: number, value: V): this {
    this.encodeKey(index)
    this.encodeValue(value)
    const result = this.raw.updateEntry()
    if (result !== 0) throw mapOperationError(this.raw, 'set', result)
    return this
  }

  /** Writes zeroes to every index, which is what an array begins with. Not atomic: programs see it proceed. */
  clear(): void {
    writeZeroes(this.raw)
  }
}
