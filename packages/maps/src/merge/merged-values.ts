import type { Codec, RawMap } from '@millrace/core'
import type { IterationOptions } from '../iteration/iteration-options.js'
import { IndexMap } from '../maps/index-map.js'
import { KeyedMap } from '../maps/keyed-map.js'
import { cpusOf } from '../maps/per-cpu-values.js'
import type { Merge } from './merge.js'
import { mergeCodec } from './merge-codec.js'

/**
 * The values of a per-CPU map, those of all CPUs merged into one: to be read as the map itself. Nothing is made for a CPU, only the
 * result.
 *
 * @typeParam N - what `get` returns for a key that is not there
 *
 * @example
 * ```ts
 * import { PerCpuHashMap, ipv4, struct, u64 } from '@millrace/maps'
 *
 * const Seen = struct({ packets: u64, last: u64 })
 * using seen = PerCpuHashMap.create({ name: 'seen', key: ipv4, value: Seen, maxEntries: 1024 })
 * const totals = seen.merged({ packets: 'sum', last: 'max' })
 * for (const [address, { packets, last }] of totals) console.log(address, packets, last)
 * ```
 */
export interface MergedValues<K, V, N = undefined> extends Iterable<[K, V]> {
  /** Throws as the map's own. */
  get(key: K): V | N
  /** Throws as the map's own. */
  has(key: K): boolean
  /** Keys and merged values, in no order. `for (const [key, value] of totals)` is the same. */
  entries(options?: IterationOptions): IterableIterator<[K, V]>
  keys(options?: IterationOptions): IterableIterator<K>
  values(options?: IterationOptions): IterableIterator<V>
  forEach(callback: (value: V, key: K) => void): void
}

export function mergedEntries<K, V>(raw: RawMap, key: Codec<K>, value: Codec<V>, how: Merge<V>): MergedValues<K, V> {
  return new MergedEntries(raw, key, readOnly(raw, value, how))
}

export function mergedIndexes<V>(raw: RawMap, value: Codec<V>, how: Merge<V>): MergedValues<number, V, never> {
  return new MergedIndexes(raw, readOnly(raw, value, how))
}

/** A codec that only decodes: the values of all CPUs, as one. */
function readOnly<V>(raw: RawMap, codec: Codec<V>, how: Merge<V>): Codec<V> {
  const count = cpusOf(raw)
  const decode = mergeCodec(codec, how, { count, stride: raw.valueBufferSize / count }, 'how')
  return { size: raw.valueBufferSize, alignment: 8, layout: codec.layout, encode: refuse, decode }
}

class MergedEntries<K, V> extends KeyedMap<K, V> {
  constructor(raw: RawMap, key: Codec<K>, value: Codec<V>) {
    super(raw, key, value)
  }

  override set = refuse

  override clear = refuse
}

class MergedIndexes<V> extends IndexMap<V> {
  constructor(raw: RawMap, value: Codec<V>) {
    super(raw, value)
  }

  override set = refuse

  override clear = refuse
}

function refuse(): never {
  throw new TypeError('merged values are only read; write to the map itself')
}
