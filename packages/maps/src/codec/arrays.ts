import { reject, rejectInside } from './reject.js'

/**
 * Writes the elements of a C array, `stride` bytes apart, each by `put`. Throws {@link ArgumentError} with `path` for
 * anything but an array of exactly `length` elements, and with `path[index]` for an element that does not fit.
 */
export function putArray<T>(
  view: DataView,
  offset: number,
  stride: number,
  length: number,
  values: readonly T[],
  put: (view: DataView, offset: number, value: T, path: string) => void,
  path: string,
): void {
  if (!Array.isArray(values)) reject(path, values, `an array of ${length} elements`)
  if (values.length !== length) reject(path, values, `an array of ${length} elements, not ${values.length}`)
  let i = 0
  try {
    // Elements get an empty path: only when one does not fit is the way to it worth building.
    for (; i < length; i++) put(view, offset + i * stride, values[i] as T, '')
  } catch (error) {
    rejectInside(error, `${path}[${i}]`)
  }
}

/** Reads the elements of a C array, `stride` bytes apart, each by `get`. */
export function getArray<T>(
  view: DataView,
  offset: number,
  stride: number,
  length: number,
  get: (view: DataView, offset: number) => T,
): T[] {
  const values = new Array<T>(length)
  for (let i = 0; i < length; i++) values[i] = get(view, offset + i * stride)
  return values
}
