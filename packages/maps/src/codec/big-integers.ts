import { reject } from './reject.js'

const U64 = 'a bigint from 0n to 18446744073709551615n'

/** Writes an unsigned 64-bit integer, little endian. Throws {@link ArgumentError} with `path` for anything else. */
export function putU64(view: DataView, offset: number, value: bigint, path: string): void {
  if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value) reject(path, value, U64)
  view.setBigUint64(offset, value, true)
}

/**
 * Writes an unsigned 64-bit integer, big endian (network order). Throws {@link ArgumentError} with `path` for anything
 * else.
 */
export function putU64be(view: DataView, offset: number, value: bigint, path: string): void {
  if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value) reject(path, value, U64)
  view.setBigUint64(offset, value, false)
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
  view.setBigInt64(offset, value, true)
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
