import { zero } from './memory.js'
import { reject } from './reject.js'

const utf8 = new TextEncoder()

/**
 * Writes text into a `char[length]`: UTF-8, the rest of the array zeroes. All of the array may be text, so only a
 * string that is shorter than the array ends in a NUL. Throws {@link ArgumentError} with `path` for text that is too
 * long, holds a NUL or a lone surrogate.
 */
export function putString(view: DataView, offset: number, length: number, value: string, path: string): void {
  if (typeof value !== 'string') reject(path, value, `a string of at most ${length} bytes`)
  if (value.length > length) reject(path, value, `a string of at most ${length} bytes of UTF-8`)
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0) reject(path, value, 'a string without NUL characters')
    if (code > 0x7f) {
      putUtf8(view, offset, length, value, path)
      return
    }
    view.setUint8(offset + i, code)
  }
  zero(view, offset + value.length, length - value.length)
}

/** Reads text from a `char[length]` up to the first NUL, if there is one; bytes that are no UTF-8 become U+FFFD. */
export function getString(view: DataView, offset: number, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) {
    const code = view.getUint8(offset + i)
    if (code === 0) return text
    if (code > 0x7f) return getUtf8(view, offset, length)
    text += String.fromCharCode(code)
  }
  return text
}

function putUtf8(view: DataView, offset: number, length: number, value: string, path: string): void {
  if (value.includes('\0')) reject(path, value, 'a string without NUL characters')
  if (/\p{Surrogate}/u.test(value)) reject(path, value, 'well-formed Unicode, without lone surrogates')
  const { read, written } = utf8.encodeInto(value, new Uint8Array(view.buffer, view.byteOffset + offset, length))
  if (read < value.length) reject(path, value, `a string of at most ${length} bytes of UTF-8`)
  zero(view, offset + written, length - written)
}

function getUtf8(view: DataView, offset: number, length: number): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset + offset, length)
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? length : end)
}
