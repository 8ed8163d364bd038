import type { MapInfo, MapType, RawMap } from '@millrace/core'
import type { IterationOptions } from '../iteration/iteration-options.js'

/**
 * What every map of keys and values has in common: an ES `Map` whose entries live in the kernel, where eBPF programs
 * read and write them. Names that `Map` has mean what they mean there; a kernel map has no `size`, as the kernel does
 * not count.
 *
 * Each operation is one system call, under a microsecond, and synchronous. Iterating reads many entries a call.
 *
 * @example
 * ```ts
 * import { type BpfMap, HashMap, ipv4, u64 } from '@millrace/maps'
 *
 * function print(map: BpfMap<string, bigint>) {
 *   for (const [address, packets] of map) console.log(address, packets)
 * }
 *
 * using packets = HashMap.create({ name: 'packets', key: ipv4, value: u64, maxEntries: 1024 })
 * print(packets)
 * ```
 */
export interface BpfMap<K, V> extends Iterable<[K, V]>, Disposable {
  /** of the kernel, unique among maps */
  readonly id: number
  readonly name: string
  /** as bpftool prints it */
  readonly type: MapType
  readonly maxEntries: number
  readonly closed: boolean
  /** bytes in, bytes out: for what the typed map does not offer */
  readonly raw: RawMap

  /** The value of a key. */
  get(key: K): V | undefined
  /** Writes the value of a key. */
  set(key: K, value: V): this
  /** Writes many values, thousands in one system call where the kernel has it. */
  setAll(entries: Iterable<readonly [K, V]>): this
  /** Whether the key has a value. */
  has(key: K): boolean
  /** Keys and values, in no order. `for (const [key, value] of map)` is the same. */
  entries(options?: IterationOptions): IterableIterator<[K, V]>
  /** The keys, as `entries` gives them. */
  keys(options?: IterationOptions): IterableIterator<K>
  /** The values, as `entries` gives them. */
  values(options?: IterationOptions): IterableIterator<V>
  /** Calls back with each value and key, as `entries` gives them. */
  forEach(callback: (value: V, key: K) => void): void
  /** Removes all entries; in arrays, which always have all of theirs, writes zeroes to each. */
  clear(): void

  /** What the kernel says of the map. */
  info(): MapInfo
  /** Pins the map to a path on a bpf filesystem: it then outlives this process. */
  pin(path: string): void
  /** Removes a pin of this map, the last known one unless a path is given. */
  unpin(path?: string): void
  /** From now on nobody writes to the map from user space; programs still may. There is no way back. */
  freeze(): void
  /** Gives the descriptor back. A second call does nothing. */
  close(): void
}
