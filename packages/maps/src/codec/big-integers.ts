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
