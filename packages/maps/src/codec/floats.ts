import { reject } from './reject.js'

/**
 * Writes a C `float`, little endian, rounded to the nearest that there is. Throws {@link ArgumentError} with `path` for
 * a finite number that is too large for one.
 */
export function putF32(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Number.isFinite(Math.fround(value)))) {
    reject(path, value, 'a number in the range of a 32-bit float')
  }
  view.setFloat32(offset, value, true)
}

/** Writes a C `double`, little endian. Throws {@link ArgumentError} with `path` for anything but a number. */
export function putF64(view: DataView, offset: number, value: number, path: string): void {
  if (typeof value !== 'number') reject(path, value, 'a number')
  view.setFloat64(offset, value, true)
}
