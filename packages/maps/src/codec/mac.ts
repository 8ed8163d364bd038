import { hexDigit } from './hex.js'
import { reject } from './reject.js'

const COLON = 0x3a
const HYPHEN = 0x2d
/** `02:00:5e:10:00:01` */
const TEXT_LENGTH = 17

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * Writes a MAC address of 6 bytes from text such as `02:00:5e:10:00:01`, in upper or lower case, with colons or
 * hyphens. Throws {@link ArgumentError} with `path` for anything else.
 */
export function putMac(view: DataView, offset: number, value: string, path: string): void {
  if (typeof value !== 'string' || !parse(view, offset, value))
    reject(path, value, 'a MAC address such as 02:00:5e:10:00:01')
}

/** Reads a MAC address as lower-case text with colons. */
export function getMac(view: DataView, offset: number): string {
  let text = BYTES[view.getUint8(offset)] as string
  for (let i = 1; i < 6; i++) text += `:${BYTES[view.getUint8(offset + i)]}`
  return text
}

function parse(view: DataView, offset: number, text: string): boolean {
  if (text.length !== TEXT_LENGTH) return false
  const separator = text.charCodeAt(2)
  if (separator !== COLON && separator !== HYPHEN) return false
  for (let i = 0; i < 6; i++) {
    const high = hexDigit(text.charCodeAt(3 * i))
    const low = hexDigit(text.charCodeAt(3 * i + 1))
    if (high < 0 || low < 0 || (i > 0 && text.charCodeAt(3 * i - 1) !== separator)) return false
    view.setUint8(offset + i, high * 16 + low)
  }
  return true
}
