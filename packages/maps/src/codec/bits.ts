import type { Codec } from '@millrace/core'
import { reject } from './reject.js'

/*
 * Bit-fields as clang lays them out on a little-endian machine: bit 0 is the least significant bit of the first byte. A
 * field may cross bytes, and begin at any bit. They are read and written a byte at a time: a load of the whole storage
 * unit could reach past the end of a packed struct.
 */

/**
 * Writes an unsigned bit-field of up to 64 bits and leaves the bits around it alone. Takes a number, or a bigint as
 * fields wider than 32 bits need. Throws {@link ArgumentError} with `path` for a value that needs more bits.
 */
export function putBits(
  view: DataView,
  byteOffset: number,
  bitOffset: number,
  bitSize: number,
  value: number | bigint,
  path: string,
): void {
  if (!isInteger(value) || value < 0 || value >= 2 ** bitSize) reject(path, value, range(bitSize, 0, 2 ** bitSize))
  write(view, byteOffset, bitOffset, bitSize, value)
}

/** {@link putBits} for a signed field, in two's complement. */
export function putSignedBits(
  view: DataView,
  byteOffset: number,
  bitOffset: number,
  bitSize: number,
  value: number | bigint,
  path: string,
): void {
  const half = 2 ** (bitSize - 1)
  if (!isInteger(value) || value < -half || value >= half) reject(path, value, range(bitSize, -half, half))
  write(view, byteOffset, bitOffset, bitSize, value)
}

/** Reads an unsigned bit-field of up to 32 bits. */
export function getBits(view: DataView, byteOffset: number, bitOffset: number, bitSize: number): number {
  let value = 0
  let done = 0
  while (done < bitSize) {
    const bit = bitOffset + done
    const count = Math.min(8 - (bit & 7), bitSize - done)
    const bits = (view.getUint8(byteOffset + (bit >> 3)) >> (bit & 7)) & ((1 << count) - 1)
    value |= bits << done
    done += count
  }
  return value >>> 0
}

/** Reads a signed bit-field of up to 32 bits. */
export function getSignedBits(view: DataView, byteOffset: number, bitOffset: number, bitSize: number): number {
  const unused = 32 - bitSize
  return (getBits(view, byteOffset, bitOffset, bitSize) << unused) >> unused
}

/** Reads an unsigned bit-field of 33 to 64 bits. */
export function getBigBits(view: DataView, byteOffset: number, bitOffset: number, bitSize: number): bigint {
  const low = getBits(view, byteOffset, bitOffset, 32)
  return BigInt(low) | (BigInt(getBits(view, byteOffset, bitOffset + 32, bitSize - 32)) << 32n)
}

/** Reads a signed bit-field of 33 to 64 bits. */
export function getSignedBigBits(view: DataView, byteOffset: number, bitOffset: number, bitSize: number): bigint {
  return BigInt.asIntN(bitSize, getBigBits(view, byteOffset, bitOffset, bitSize))
}

/** What the values of a bit-field are, where it is not an unsigned integer. */
export interface BitFieldOptions {
  readonly signed?: true
  readonly bool?: true
  /** a bigint, as always above 32 bits */
  readonly big?: true
}

/** The codec of one bit-field, for views that read and write it in place: it begins `bitOffset` bits, 0 to 7, into its first byte. */
export function bitField(
  bitOffset: number,
  bits: number,
  options: BitFieldOptions = {},
): Codec<number | bigint | boolean> {
  const { signed = false, bool = false, big = bits > 32 } = options
  const size = Math.ceil((bitOffset + bits) / 8)
  return {
    size,
    alignment: 1,
    layout: [`size ${size}`, `* ${signed ? 'i' : 'u'}${bits} @${bitOffset}`],
    isBitField: true,
    encode(value, view, offset) {
      const bitsOf = typeof value === 'boolean' ? Number(value) : value
      if (signed) putSignedBits(view, offset, bitOffset, bits, bitsOf, '')
      else putBits(view, offset, bitOffset, bits, bitsOf, '')
    },
    decode(view, offset) {
      if (bits > 32) {
        return signed ? getSignedBigBits(view, offset, bitOffset, bits) : getBigBits(view, offset, bitOffset, bits)
      }
      const value = signed ? getSignedBits(view, offset, bitOffset, bits) : getBits(view, offset, bitOffset, bits)
      if (bool) return value !== 0
      return big ? BigInt(value) : value
    },
  }
}

function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isSafeInteger(value)
}

/** `end` is not in the range. */
function range(bitSize: number, start: number, end: number): string {
  if (bitSize <= 32) return `an integer from ${start} to ${end - 1}`
  return `a bigint from ${BigInt(start)}n to ${BigInt(end) - 1n}n`
}

function write(view: DataView, byteOffset: number, bitOffset: number, bitSize: number, value: number | bigint): void {
  const isBig = typeof value === 'bigint'
  const low = isBig ? Number(BigInt.asUintN(32, value)) : value >>> 0
  const high = isBig ? Number(BigInt.asUintN(32, value >> 32n)) : Math.floor(value / 2 ** 32) >>> 0
  writeWord(view, byteOffset, bitOffset, Math.min(bitSize, 32), low)
  if (bitSize > 32) writeWord(view, byteOffset, bitOffset + 32, bitSize - 32, high)
}

function writeWord(view: DataView, byteOffset: number, bitOffset: number, bitSize: number, word: number): void {
  let done = 0
  while (done < bitSize) {
    const bit = bitOffset + done
    const count = Math.min(8 - (bit & 7), bitSize - done)
    const mask = ((1 << count) - 1) << (bit & 7)
    const at = byteOffset + (bit >> 3)
    view.setUint8(at, (view.getUint8(at) & ~mask) | (((word >>> done) << (bit & 7)) & mask))
    done += count
  }
}
