import type { RawMap } from '@millrace/core'
import { HashTable } from './hash-table.js'
import type { MapCodecs } from './map-options.js'
import { cpusOf, perCpuValues } from './per-cpu-values.js'
import type { UpdateMode } from './update-mode.js'

/** What the two kinds of hash tables with a value for each CPU have in common. */
export abstract class PerCpuHashTable<K, V> extends HashTable<K, V[]> {
  /** How many CPUs are possible: the length of each array of values. */
  readonly cpus: number

  protected constructor(raw: RawMap, { key, value }: MapCodecs<K, V>) {
    super(raw, key, perCpuValues(raw, value))
    this.cpus = cpusOf(raw)
  }

  /** Writes one value for all CPUs. Throws as `set` does. */
  fill(key: K, value: V, mode: UpdateMode = 'any'): this {
    return this.set(key, new Array<V>(this.cpus).fill(value), mode)
  }
}
