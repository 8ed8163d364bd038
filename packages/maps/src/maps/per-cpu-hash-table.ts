import type { Codec, RawMap } from '@millrace/core'
import type { Merge } from '../merge/merge.js'
import { type MergedValues, mergedEntries } from '../merge/merged-values.js'
import { HashTable } from './hash-table.js'
import type { MapCodecs } from './map-options.js'
import { cpusOf, perCpuValues } from './per-cpu-values.js'
import type { UpdateMode } from './update-mode.js'

/** What the two kinds of hash tables with a value for each CPU have in common. */
export abstract class PerCpuHashTable<K, V> extends HashTable<K, V[]> {
  /** How many CPUs are possible: the length of each array of values. */
  readonly cpus: number
  readonly #value: Codec<V>

  protected constructor(raw: RawMap, { key, value }: MapCodecs<K, V>) {
    super(raw, key, perCpuValues(raw, value))
    this.cpus = cpusOf(raw)
    this.#value = value
  }

  /** Writes one value for all CPUs. Throws as `set` does. */
  fill(key: K, value: V, mode: UpdateMode = 'any'): this {
    return this.set(key, new Array<V>(this.cpus).fill(value), mode)
  }

  /**
   * The values of all CPUs merged into one, by a method for all numbers of them, or one for each field.
   *
   * @throws {@link ArgumentError} for a method that does not exist or does not fit
   *
   * @example
   * ```ts
   * import { ipv4, PerCpuHashMap, u64 } from '@millrace/maps'
   *
   * using packets = PerCpuHashMap.create({ name: 'packets', key: ipv4, value: u64, maxEntries: 1024 })
   * console.log(packets.merged('sum').get('192.0.2.1'))
   * ```
   */
  merged(how: Merge<V>): MergedValues<K, V> {
    return mergedEntries(this.raw, this.keyCodec, this.#value, how)
  }
}
