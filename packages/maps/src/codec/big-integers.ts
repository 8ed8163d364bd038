import { reject } from './reject.js'

/**
 * One integer as 64 bits and as two halves, of which the first is the lower: a `DataView` has these for 64 bits too, but as calls into
 * the engine, which cost more than all the rest of reading a struct.
 */
const halves = new Uint32Array(2)
const unsigned = new BigUint64Array(halves.buffer)
const signed = new BigInt64Array(halves.buffer)

const U64 = 'a bigint from 0n to 18446744073709551615n'

/** Writes an unsigned 64-bit integer, little endian. Throws {@link ArgumentError} with `path` for anything else. */
export function putU64(view: DataView, offset: number, value: bigint, path: string): void {
  if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value) reject(path, value, U64)
  unsigned[0] = value
  view.setUint32(offset, halves[0] as number, true)
  view.setUint32(offset + 4, halves[1] as number, true)
}

/** Reads an unsigned 64-bit integer, little endian. */
export function getU64(view: DataView, offset: number): bigint {
  halves[0] = view.getUint32(offset, true)
  halves[1] = view.getUint32(offset + 4, true)
  return unsigned[0] as bigint
}

/**
 * Writes an unsigned 64-bit integer, big endian (network order). Throws {@link ArgumentError} with `path` for anything
 * else.
 */
export function putU64be(view: DataView, offset: number, value: bigint, path: string): void {
  if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value) reject(path, value, U64)
  unsigned[0] = value
  view.setUint32(offset, halves[1] as number, false)
  view.setUint32(offset + 4, halves[0] as number, false)
}

/** Reads an unsigned 64-bit integer, big endian (network order). */
export function getU64be(view: DataView, offset: number): bigint {
  halves[1] = view.getUint32(offset, false)
  halves[0] = view.getUint32(offset + 4, false)
  return unsigned[0] as bigint
}

/**
 * Writes an unsigned 64-bit integer, little endian, of a number up to 2 ** 53 - 1. Throws {@link ArgumentError} with `path` for anything
 * else.
 */
export function putU64Number(view: DataView, offset: number, value: number, path: string): void {
  if (!Number.isSafeInteger(value) || value < 0) reject(path, value, `an integer from 0 to ${Number.MAX_SAFE_INTEGER}`)
  view.setUint32(offset, value >>> 0, true)
  view.setUint32(offset + 4, Math.floor(value / 2 ** 32), true)
}

/** Reads an unsigned 64-bit integer, little endian, as a number. Throws {@link ArgumentError} for one over 2 ** 53 - 1. */
export function getU64Number(view: DataView, offset: number): number {
  const value = view.getUint32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true)
  if (value > Number.MAX_SAFE_INTEGER) {
    reject(
      '',
      view.getBigUint64(offset, true),
      `at most ${Number.MAX_SAFE_INTEGER}, or a type that is read as a bigint`,
    )
  }
  return value
}

/** Writes a signed 64-bit integer, little endian. Throws {@link ArgumentError} with `path` for anything else. */
export function putI64(view: DataView, offset: number, value: bigint, path: string): void {
  if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) {
    reject(path, value, 'a bigint from -9223372036854775808n to 9223372036854775807n')
  }
  signed[0] = value
  view.setUint32(offset, halves[0] as number, true)
  view.setUint32(offset + 4, halves[1] as number, true)
}

/** Reads a signed 64-bit integer, little endian. */
export function getI64(view: DataView, offset: number): bigint {
  halves[0] = view.getUint32(offset, true)
  halves[1] = view.getUint32(offset + 4, true)
  return signed[0] as bigint
}

/** Writes an unsigned 128-bit integer, little endian. Throws {@link ArgumentError} with `path` for anything else. */
export function putU128(view: DataView, offset: number, value: bigint, path: string): void {
  if (typeof value !== 'bigint' || BigInt.asUintN(128, value) !== value)
    reject(path, value, 'a bigint from 0n to 2n ** 128n - 1n')
  view.setBigUint64(offset, value, true)
  view.setBigUint64(offset + 8, value >> 64n, true)
}

/** Writes a signed 128-bit integer, little endian. Throws {@link ArgumentError} with `path` for anything else. */
export function putI128(view: DataView, offset: number, value: bigint, path: string): void {
  if (typeof value !== 'bigint' || BigInt.asIntN(128, value) !== value) {
    reject(path, value, 'a bigint from -(2n ** 127n) to 2n ** 127n - 1n')
  }
  view.setBigUint64(offset, value, true)
  view.setBigInt64(offset + 8, value >> 64n, true)
}

/** Reads an unsigned 128-bit integer, little endian. */
export function getU128(view: DataView, offset: number): bigint {
  return view.getBigUint64(offset, true) | (view.getBigUint64(offset + 8, true) << 64n)
}

/** Reads a signed 128-bit integer, little endian. */
export function getI128(view: DataView, offset: number): bigint {
  return view.getBigUint64(offset, true) | (view.getBigInt64(offset + 8, true) << 64n)
}
