import type { Codec } from '@millrace/core'
import * as codec from '../codec/index.js'
import { leaf } from './layout.js'

/**
 * `__u8`: an integer from 0 to 255.
 *
 * @example
 * ```ts
 * import { struct, u8 } from '@millrace/maps'
 *
 * const Header = struct({ protocol: u8 })
 * ```
 */
export const u8: Codec<number> = {
  size: 1,
  alignment: 1,
  layout: leaf(1, 'u8'),
  integer: 'u8',
  encode: (value, view, offset) => codec.putU8(view, offset, value, ''),
  decode: (view, offset) => view.getUint8(offset),
}

/**
 * `__u16`, in the machine's byte order: an integer from 0 to 65,535.
 *
 * @example
 * ```ts
 * import { struct, u16 } from '@millrace/maps'
 *
 * const Tag = struct({ vlan: u16 })
 * ```
 */
export const u16: Codec<number> = {
  size: 2,
  alignment: 2,
  layout: leaf(2, 'u16'),
  integer: 'u16',
  encode: (value, view, offset) => codec.putU16(view, offset, value, ''),
  decode: (view, offset) => view.getUint16(offset, true),
}

/**
 * `__u32`, in the machine's byte order: an integer from 0 to 4,294,967,295.
 *
 * @example
 * ```ts
 * import { HashMap, u32, u64 } from '@millrace/maps'
 *
 * using packets = HashMap.create({ name: 'packets', key: u32, value: u64, maxEntries: 1024 })
 * packets.set(7, 1n)
 * ```
 */
export const u32: Codec<number> = {
  size: 4,
  alignment: 4,
  layout: leaf(4, 'u32'),
  integer: 'u32',
  encode: (value, view, offset) => codec.putU32(view, offset, value, ''),
  decode: (view, offset) => view.getUint32(offset, true),
}

/**
 * `__u64`, in the machine's byte order: a bigint from 0n to 2n ** 64n - 1n.
 *
 * @example
 * ```ts
 * import { struct, u64 } from '@millrace/maps'
 *
 * const Hits = struct({ packets: u64, bytes: u64 })
 * ```
 */
export const u64: Codec<bigint> = {
  size: 8,
  alignment: 8,
  layout: leaf(8, 'u64'),
  integer: 'u64',
  encode: (value, view, offset) => codec.putU64(view, offset, value, ''),
  decode: codec.getU64,
}

/**
 * `__u64` as a `number`, in C a `u64_number_t` of `millrace/types.h`, where a bigint is a burden and the value stays below 2 ** 53: a nanosecond clock does for 104
 * days of uptime, a byte counter for 8 PiB. A larger value is no less an error when it is read than when it is written:
 * {@link ArgumentError}, never a rounded number.
 *
 * @example
 * ```ts
 * import { struct, u64Number } from '@millrace/maps'
 *
 * const Session = struct({ lastSeen: u64Number })
 * ```
 */
export const u64Number: Codec<number> = {
  size: 8,
  alignment: 8,
  layout: leaf(8, 'u64'),
  encode: (value, view, offset) => codec.putU64Number(view, offset, value, ''),
  decode: codec.getU64Number,
}

/**
 * `__s8`: an integer from -128 to 127.
 *
 * @example
 * ```ts
 * import { i8, struct } from '@millrace/maps'
 *
 * const Shift = struct({ offset: i8 })
 * ```
 */
export const i8: Codec<number> = {
  size: 1,
  alignment: 1,
  layout: leaf(1, 'i8'),
  integer: 'i8',
  encode: (value, view, offset) => codec.putI8(view, offset, value, ''),
  decode: (view, offset) => view.getInt8(offset),
}

/**
 * `__s16`, in the machine's byte order: an integer from -32,768 to 32,767.
 *
 * @example
 * ```ts
 * import { i16, struct } from '@millrace/maps'
 *
 * const Rule = struct({ priority: i16 })
 * ```
 */
export const i16: Codec<number> = {
  size: 2,
  alignment: 2,
  layout: leaf(2, 'i16'),
  integer: 'i16',
  encode: (value, view, offset) => codec.putI16(view, offset, value, ''),
  decode: (view, offset) => view.getInt16(offset, true),
}

/**
 * `__s32`, in the machine's byte order: an integer from -2,147,483,648 to 2,147,483,647.
 *
 * @example
 * ```ts
 * import { i32, struct } from '@millrace/maps'
 *
 * const Result = struct({ error: i32 })
 * ```
 */
export const i32: Codec<number> = {
  size: 4,
  alignment: 4,
  layout: leaf(4, 'i32'),
  integer: 'i32',
  encode: (value, view, offset) => codec.putI32(view, offset, value, ''),
  decode: (view, offset) => view.getInt32(offset, true),
}

/**
 * `__s64`, in the machine's byte order: a bigint from -(2n ** 63n) to 2n ** 63n - 1n.
 *
 * @example
 * ```ts
 * import { i64, struct } from '@millrace/maps'
 *
 * const Clock = struct({ drift: i64 })
 * ```
 */
export const i64: Codec<bigint> = {
  size: 8,
  alignment: 8,
  layout: leaf(8, 'i64'),
  integer: 'i64',
  encode: (value, view, offset) => codec.putI64(view, offset, value, ''),
  decode: codec.getI64,
}

/**
 * C's `bool`, one byte: `true` or `false`.
 *
 * @example
 * ```ts
 * import { bool, struct } from '@millrace/maps'
 *
 * const Setting = struct({ enabled: bool })
 * ```
 */
export const bool: Codec<boolean> = {
  size: 1,
  alignment: 1,
  layout: leaf(1, 'bool8'),
  encode: (value, view, offset) => codec.putBool(view, offset, value, ''),
  decode: codec.getBool,
}
