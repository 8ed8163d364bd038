import type { ArrayView } from './array-view.js'

/** Values that have no parts to be read one by one. */
export type Leaf = string | number | bigint | boolean | Uint8Array | null | undefined

/**
 * A value in shared memory: reading a field of it reads the memory, and assigning to one writes it. Structs within are
 * such objects too, and arrays are {@link ArrayView}s.
 *
 * @example
 * ```ts
 * import { ArrayMap, array, type InPlace, struct, u32, u64 } from '@millrace/maps'
 *
 * const Port = struct({ packets: u64, speeds: array(u32, 4) })
 * using ports = ArrayMap.create({ name: 'ports', value: Port, maxEntries: 16, memoryMapped: true })
 * const port = ports.view().at(3)
 * port.packets = 0n
 * port.speeds.set(1, 10_000)
 * ```
 */
export type InPlace<T> = T extends Leaf
  ? T
  : T extends readonly (infer E)[]
    ? ArrayView<E>
    : { -readonly [Name in keyof T]: InPlace<T[Name]> }

/** Integers, which atomic operations are for; `never` for all else. */
export type AtomicValue<T> = T extends number | bigint ? T : never
