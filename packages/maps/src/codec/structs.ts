import type { Codec } from '@millrace/core'
import { reject, rejectInside } from './reject.js'

/** Writes a member by a codec of its own. Its errors are thrown with `path` in front of theirs. */
export function putStruct<T>(view: DataView, offset: number, codec: Codec<T>, value: T, path: string): void {
  if (value === undefined || value === null) reject(path, value, 'a value')
  try {
    codec.encode(value, view, offset)
  } catch (error) {
    rejectInside(error, path)
  }
}
