import { hexDigit } from './hex.js'
import { formatIpv4, parseIpv4 } from './ipv4.js'
import { reject } from './reject.js'

const EXPECTED = 'an IPv6 address such as 2001:db8::1'
const GROUPS = 8
const COLON = 0x3a
const DOT = 0x2e

/**
 * Writes an IPv6 address of 16 bytes from any text form of RFC 4291, 2.2: with `::`, and with an IPv4 address as its
 * last 32 bits. A zone (`%eth0`) belongs to an interface, not to an address. Throws {@link ArgumentError} with `path`
 * for anything else.
 */
export function putIpv6(view: DataView, offset: number, value: string, path: string): void {
  if (typeof value !== 'string' || !parse(view, offset, value)) reject(path, value, EXPECTED)
}

/** Reads an IPv6 address in the one form of RFC 5952; IPv4-mapped addresses as `::ffff:192.0.2.1`. */
export function getIpv6(view: DataView, offset: number): string {
  if (isIpv4Mapped(view, offset)) return `::ffff:${formatIpv4(view.getUint32(offset + 12, false))}`
  const [gap, gapLength] = longestZeroRun(view, offset)
  let text = ''
  for (let i = 0; i < GROUPS; i++) {
    if (i === gap) {
      text += '::'
      i += gapLength - 1
      continue
    }
    if (text !== '' && !text.endsWith(':')) text += ':'
    text += view.getUint16(offset + 2 * i, false).toString(16)
  }
  return text
}

/** Writes groups as they come, then moves those behind `::` to the end. False for what is no address. */
function parse(view: DataView, offset: number, text: string): boolean {
  const leading = text.startsWith('::')
  let gap = leading ? 0 : -1
  let groups = 0
  let group = 0
  let digits = 0
  let start = leading ? 2 : 0
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === DOT) {
      const ipv4 = parseIpv4(text.slice(start))
      if (ipv4 < 0 || groups > GROUPS - 2) return false
      view.setUint32(offset + 2 * groups, ipv4, false)
      groups += 2
      digits = 0
      break
    }
    if (code !== COLON) {
      const digit = hexDigit(code)
      if (digit < 0 || ++digits > 4) return false
      group = group * 16 + digit
      continue
    }
    if (digits === 0 || groups === GROUPS) return false
    view.setUint16(offset + 2 * groups++, group, false)
    group = 0
    digits = 0
    if (text.charCodeAt(i + 1) === COLON) {
      if (gap >= 0) return false
      gap = groups
      i++
    } else if (i + 1 === text.length) return false
    start = i + 1
  }
  if (digits > 0) {
    if (groups === GROUPS) return false
    view.setUint16(offset + 2 * groups++, group, false)
  }
  if (gap < 0) return groups === GROUPS
  return openGap(view, offset, gap, groups)
}

/** `::` stands for one group of zeros at least. */
function openGap(view: DataView, offset: number, gap: number, groups: number): boolean {
  if (groups === GROUPS) return false
  const behind = groups - gap
  for (let i = 1; i <= behind; i++) {
    view.setUint16(offset + 2 * (GROUPS - i), view.getUint16(offset + 2 * (groups - i)))
  }
  for (let i = gap; i < GROUPS - behind; i++) view.setUint16(offset + 2 * i, 0)
  return true
}

function isIpv4Mapped(view: DataView, offset: number): boolean {
  return (
    view.getUint32(offset, true) === 0 &&
    view.getUint32(offset + 4, true) === 0 &&
    view.getUint32(offset + 8, false) === 0xffff
  )
}

/**
 * Where the longest run of at least two zero groups begins, the first of equals (RFC 5952, 4.2), and its length; -1 for
 * none.
 */
function longestZeroRun(view: DataView, offset: number): [start: number, length: number] {
  let start = -1
  let length = 1
  let run = 0
  for (let i = 0; i < GROUPS; i++) {
    run = view.getUint16(offset + 2 * i, true) === 0 ? run + 1 : 0
    if (run > length) {
      length = run
      start = i - run + 1
    }
  }
  return [start, length]
}
