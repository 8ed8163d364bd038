import { reject } from './reject.js'

/** Where a call into a typed array's own methods starts to cost less than a loop over single bytes. */
const LOOP_LIMIT = 48

/** Writes `length` zero bytes: padding, and members of the kernel's own such as `bpf_spin_lock`. */
export function zero(view: DataView, offset: number, length: number): void {
  if (length > LOOP_LIMIT) {
    new Uint8Array(view.buffer, view.byteOffset + offset, length).fill(0)
    return
  }
  for (let i = 0; i < length; i++) view.setUint8(offset + i, 0)
}

/**
 * Writes exactly `length` bytes. Throws {@link ArgumentError} with `path` for anything but a `Uint8Array` of that
 * length.
 */
export function putBytes(view: DataView, offset: number, length: number, value: Uint8Array, path: string): void {
  if (!(value instanceof Uint8Array)) reject(path, value, `a Uint8Array of ${length} bytes`)
  if (value.length !== length) reject(path, value, `a Uint8Array of ${length} bytes, not ${value.length}`)
  if (length > LOOP_LIMIT) {
    new Uint8Array(view.buffer, view.byteOffset + offset, length).set(value)
    return
  }
  for (let i = 0; i < length; i++) view.setUint8(offset + i, value[i] as number)
}

/** Reads `length` bytes into an array of their own. */
export function getBytes(view: DataView, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  if (length > LOOP_LIMIT) {
    bytes.set(new Uint8Array(view.buffer, view.byteOffset + offset, length))
    return bytes
  }
  for (let i = 0; i < length; i++) bytes[i] = view.getUint8(offset + i)
  return bytes
}
