import type { IntegerType } from '../codec.js'

/** bytes; the typed arrays of a {@link Words} have 32-bit offsets */
export const MOST_BYTES = 2 ** 32 - 8

/**
 * Memory as integers of each width. V8 reads and writes an element of a typed array by one instruction, whichever compiler has
 * got to the code, so nothing that is aligned tears; a `DataView` that is not optimised yet goes byte by byte.
 */
export class Words {
  readonly bytes: Uint8Array
  readonly u16: Uint16Array
  readonly u32: Uint32Array
  readonly u64: BigUint64Array
  readonly i8: Int8Array
  readonly i16: Int16Array
  readonly i32: Int32Array
  readonly i64: BigInt64Array
  readonly view: DataView

  /** `buffer` has a multiple of 8 bytes, {@link MOST_BYTES} at most. */
  constructor(buffer: ArrayBuffer) {
    this.bytes = new Uint8Array(buffer)
    this.u16 = new Uint16Array(buffer)
    this.u32 = new Uint32Array(buffer)
    this.u64 = new BigUint64Array(buffer)
    this.i8 = new Int8Array(buffer)
    this.i16 = new Int16Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.i64 = new BigInt64Array(buffer)
    this.view = new DataView(buffer)
  }

  /** The integer at `offset` bytes, a multiple of its size. */
  integer(type: IntegerType, offset: number): number | bigint | undefined {
    switch (type) {
      case 'u64':
        return this.u64[offset >>> 3]
      case 'u32':
        return this.u32[offset >>> 2]
      case 'i64':
        return this.i64[offset >>> 3]
      case 'i32':
        return this.i32[offset >>> 2]
      case 'u16':
        return this.u16[offset >>> 1]
      case 'i16':
        return this.i16[offset >>> 1]
      case 'i8':
        return this.i8[offset]
      default:
        return this.bytes[offset]
    }
  }

  /** Writes the integer at `offset` bytes, a multiple of its size; false, and nothing, for a value that is not of its type. */
  put(type: IntegerType, offset: number, value: unknown): boolean {
    if (!fits(type, value)) return false
    switch (type) {
      case 'u64':
        this.u64[offset >>> 3] = value as bigint
        return true
      case 'i64':
        this.i64[offset >>> 3] = value as bigint
        return true
      case 'u32':
      case 'i32':
        this.i32[offset >>> 2] = value as number
        return true
      case 'u16':
      case 'i16':
        this.i16[offset >>> 1] = value as number
        return true
      default:
        this.i8[offset] = value as number
        return true
    }
  }
}

/** Whether a value is an integer of this type. */
export function fits(type: IntegerType, value: unknown): boolean {
  switch (type) {
    case 'u64':
      return typeof value === 'bigint' && BigInt.asUintN(64, value) === value
    case 'i64':
      return typeof value === 'bigint' && BigInt.asIntN(64, value) === value
    case 'u32':
      return typeof value === 'number' && value >>> 0 === value
    case 'i32':
      return typeof value === 'number' && (value | 0) === value
    case 'u16':
      return typeof value === 'number' && (value & 0xffff) === value
    case 'i16':
      return typeof value === 'number' && (value << 16) >> 16 === value
    case 'u8':
      return typeof value === 'number' && (value & 0xff) === value
    default:
      return typeof value === 'number' && (value << 24) >> 24 === value
  }
}

/**
 * Copies `length` bytes; both offsets are equal modulo 8. Words are as wide as the place and what is left allow: no aligned 8 bytes
 * tear.
 */
export function copyWords(from: Words, fromOffset: number, to: Words, toOffset: number, length: number): void {
  const shift = toOffset - fromOffset
  const end = fromOffset + length
  let at = fromOffset
  while (at < end) {
    if ((at & 7) === 0 && end - at >= 8) {
      to.u64[(at + shift) >>> 3] = from.u64[at >>> 3] as bigint
      at += 8
    } else if ((at & 3) === 0 && end - at >= 4) {
      to.u32[(at + shift) >>> 2] = from.u32[at >>> 2] as number
      at += 4
    } else if ((at & 1) === 0 && end - at >= 2) {
      to.u16[(at + shift) >>> 1] = from.u16[at >>> 1] as number
      at += 2
    } else {
      to.bytes[at + shift] = from.bytes[at] as number
      at += 1
    }
  }
}
