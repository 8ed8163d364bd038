import type { Codec } from '@millrace/core'
import { checkInteger } from '@millrace/core/internal'
import * as codec from '../codec/index.js'
import { checkCodec } from './check-codec.js'
import { arrayLayout, leaf } from './layout.js'

const MAX_LENGTH = 0xffff_ffff

/**
 * `__u8[length]`: a `Uint8Array` of exactly `length` bytes. What is read is a copy.
 *
 * @param length - bytes
 * @throws {@link ArgumentError} for a length that is no positive integer
 *
 * @example
 * ```ts
 * import { bytes, struct } from '@millrace/maps'
 *
 * const Session = struct({ cookie: bytes(16) })
 * ```
 */
export function bytes(length: number): Codec<Uint8Array> {
  checkInteger('length', length, 1, MAX_LENGTH)
  return {
    size: length,
    alignment: 1,
    layout: leaf(length, 'u8', `[${length}]`),
    encode: (value, view, offset) => codec.putBytes(view, offset, length, value, ''),
    decode: (view, offset) => codec.getBytes(view, offset, length),
  }
}

/**
 * `char[length]`: text as UTF-8, the rest of the array zeroes. It ends at the first NUL, or at the end of the array
 * when that is full.
 *
 * @param length - bytes, not characters
 * @throws {@link ArgumentError} for a length that is no positive integer
 *
 * @example
 * ```ts
 * import { HashMap, string, u32 } from '@millrace/maps'
 *
 * using indexes = HashMap.create({ name: 'indexes', key: string(16), value: u32, maxEntries: 64 })
 * indexes.set('eth0', 2)
 * ```
 */
export function string(length: number): Codec<string> {
  checkInteger('length', length, 1, MAX_LENGTH)
  return {
    size: length,
    alignment: 1,
    // clang's `char` is signed on every architecture that it compiles eBPF for.
    layout: leaf(length, 'i8', `[${length}]`),
    encode: (value, view, offset) => codec.putString(view, offset, length, value, ''),
    decode: (view, offset) => codec.getString(view, offset, length),
  }
}

/**
 * A C array: a JavaScript array of exactly `length` elements. Arrays of arrays are written from the inside out:
 * `array(array(u8, 3), 2)` is `__u8[2][3]`. For bytes, {@link bytes} is faster.
 *
 * @throws {@link ArgumentError} for a length that is no positive integer
 *
 * @example
 * ```ts
 * import { array, struct, u32, u64 } from '@millrace/maps'
 *
 * const Histogram = struct({ bounds: array(u32, 8), counts: array(u64, 9) })
 * ```
 */
export function array<T>(element: Codec<T>, length: number): Codec<T[]> {
  checkCodec('element', element)
  checkInteger('length', length, 1, MAX_LENGTH)
  const put = (view: DataView, offset: number, value: T) => element.encode(value, view, offset)
  const get = (view: DataView, offset: number) => element.decode(view, offset)
  return {
    size: element.size * length,
    alignment: element.alignment,
    layout: arrayLayout(element, length),
    elements: { codec: element, length },
    encode: (values, view, offset) => codec.putArray(view, offset, element.size, length, values, put, ''),
    decode: (view, offset) => codec.getArray(view, offset, element.size, length, get),
  }
}
