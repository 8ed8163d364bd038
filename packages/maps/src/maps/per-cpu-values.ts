import type { Codec, RawMap } from '@millrace/core'
import { getArray, putArray } from '../codec/arrays.js'
import { zero } from '../codec/memory.js'
import { reject } from '../codec/reject.js'

/** The values of all possible CPUs, as one system call takes and gives them: each begins at a multiple of 8. */
export function perCpuValues<V>(raw: RawMap, codec: Codec<V>): Codec<V[]> {
  const stride = roundUp(codec.size)
  const cpus = cpusOf(raw)
  const put = (view: DataView, offset: number, value: V) => {
    codec.encode(value, view, offset)
    zero(view, offset + codec.size, stride - codec.size)
  }
  const get = (view: DataView, offset: number) => codec.decode(view, offset)
  return {
    size: raw.valueBufferSize,
    alignment: 8,
    layout: codec.layout,
    encode: (values, view, offset) => putArray(view, offset, stride, cpus, values, put, ''),
    decode: (view, offset) => getArray(view, offset, stride, cpus, get),
  }
}

/** How many values a per-CPU map has for each key. */
export function cpusOf(raw: RawMap): number {
  return raw.valueBufferSize / roundUp(raw.valueSize)
}

function roundUp(size: number): number {
  return Math.ceil(size / 8) * 8
}

/** What can be added up: numbers, bigints, and objects of nothing else. */
export type Summable<V> = V extends number | bigint
  ? V
  : V extends string | boolean | null | undefined | readonly unknown[] | Uint8Array
    ? never
    : { readonly [Name in keyof V]: Summable<V[Name]> }

/**
 * Adds up the values of all CPUs, the fields of structs one by one.
 *
 * @throws {@link ArgumentError} for no values
 *
 * @example
 * ```ts
 * import { PerCpuArrayMap, struct, sum, u64 } from '@millrace/maps'
 *
 * const Hits = struct({ packets: u64, bytes: u64 })
 * using counters = PerCpuArrayMap.create({ name: 'counters', value: Hits, maxEntries: 4 })
 * const { packets, bytes } = sum(counters.get(0))
 * console.log(packets, bytes)
 * ```
 */
export function sum<V>(values: readonly (V & Summable<V>)[]): V {
  if (values.length === 0) reject('values', values, 'at least one value')
  return values.reduce(add)
}

function add<V>(left: V, right: V): V {
  if (typeof left !== 'object' || left === null) return ((left as number) + (right as number)) as V
  const names = Object.keys(left) as (keyof V)[]
  return Object.fromEntries(names.map((name) => [name, add(left[name], right[name])])) as V
}
