import { reject } from './reject.js'

/** Writes an unsigned 8-bit integer. Throws {@link ArgumentError} with `path` for anything else. */
export function putU8(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number' || (value & 0xff) !== value) reject(path, value, 'an integer from 0 to 255')
  view.setUint8(offset, value)
}

/** Writes an unsigned 16-bit integer, little endian. Throws {@link ArgumentError} with `path` for anything else. */
export function putU16(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number' || (value & 0xffff) !== value) reject(path, value, 'an integer from 0 to 65535')
  view.setUint16(offset, value, true)
}

/** Writes an unsigned 32-bit integer, little endian. Throws {@link ArgumentError} with `path` for anything else. */
export function putU32(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number' || value >>> 0 !== value) reject(path, value, 'an integer from 0 to 4294967295')
  view.setUint32(offset, value, true)
}

/**
 * Writes an unsigned 16-bit integer, big endian (network order). Throws {@link ArgumentError} with `path` for anything
 * else.
 */
export function putU16be(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number' || (value & 0xffff) !== value) reject(path, value, 'an integer from 0 to 65535')
  view.setUint16(offset, value, false)
}

/**
 * Writes an unsigned 32-bit integer, big endian (network order). Throws {@link ArgumentError} with `path` for anything
 * else.
 */
export function putU32be(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number' || value >>> 0 !== value) reject(path, value, 'an integer from 0 to 4294967295')
  view.setUint32(offset, value, false)
}

/** Writes a signed 8-bit integer. Throws {@link ArgumentError} with `path` for anything else. */
export function putI8(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number' || (value << 24) >> 24 !== value) reject(path, value, 'an integer from -128 to 127')
  view.setInt8(offset, value)
}

/** Writes a signed 16-bit integer, little endian. Throws {@link ArgumentError} with `path` for anything else. */
export function putI16(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number' || (value << 16) >> 16 !== value) reject(path, value, 'an integer from -32768 to 32767')
  view.setInt16(offset, value, true)
}

/** Writes a signed 32-bit integer, little endian. Throws {@link ArgumentError} with `path` for anything else. */
export function putI32(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number' || (value | 0) !== value) {
    reject(path, value, 'an integer from -2147483648 to 2147483647')
  }
  view.setInt32(offset, value, true)
}

/** Writes a C `bool`, one byte. Throws {@link ArgumentError} with `path` for anything but `true` and `false`. */
export function putBool(view: DataView, offset: number, value: boolean, path: string): void {
  if (value !== true && value !== false) reject(path, value, 'true or false')
  view.setUint8(offset, value ? 1 : 0)
}

/** Reads a C `bool`, one byte: `true` for any but 0. */
export function getBool(view: DataView, offset: number): boolean {
  return view.getUint8(offset) !== 0
}
