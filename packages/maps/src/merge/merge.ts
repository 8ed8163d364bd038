import type { Summable } from '../maps/per-cpu-values.js'

/** What becomes of the values of all CPUs: their sum, the greatest or the least of them, or the first CPU's. */
export type MergeMethod = 'sum' | 'max' | 'min' | 'any'

/**
 * How the values of all CPUs become one: by a method for all of it, where it consists of numbers, or by one for each field. What is no
 * number, such as an address, is taken from `any` of them.
 */
export type Merge<V> =
  | 'any'
  | (V extends Summable<V> ? 'sum' | 'max' | 'min' : never)
  | (V extends number | bigint | string | boolean | readonly unknown[] | Uint8Array
      ? never
      : { readonly [Name in keyof V]: Merge<V[Name]> })
