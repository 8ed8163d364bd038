import { reject } from './reject.js'

const EXPECTED = 'an IPv4 address such as 192.0.2.1'
const DOT = 0x2e
const ZERO = 0x30

/** The decimal text of each byte, as making it anew is most of the cost of printing an address. */
const OCTETS = Array.from({ length: 256 }, (_, octet) => String(octet))

/**
 * Writes an IPv4 address in network order from dotted-decimal text: four numbers, without leading zeros, which some
 * would read as octal (RFC 6943, 3.1.1). Throws {@link ArgumentError} with `path` for anything else.
 */
export function putIpv4(view: DataView, offset: number, value: string, path: string): void {
  const address = parseIpv4(value)
  if (address < 0) reject(path, value, EXPECTED)
  view.setUint32(offset, address, false)
}

/** Reads an IPv4 address as dotted-decimal text. */
export function getIpv4(view: DataView, offset: number): string {
  return formatIpv4(view.getUint32(offset, false))
}

/** The address as a number, its first byte the most significant; -1 for what is no address. */
export function parseIpv4(text: string): number {
  if (typeof text !== 'string') return -1
  let address = 0
  let octet = -1
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === DOT) {
      if (octet < 0 || ++dots > 3) return -1
      address = address * 256 + octet
      octet = -1
      continue
    }
    const digit = code - ZERO
    // An octet of 0 takes no further digit: no leading zeros.
    if (digit < 0 || digit > 9 || octet === 0) return -1
    octet = octet < 0 ? digit : octet * 10 + digit
    if (octet > 255) return -1
  }
  return dots === 3 && octet >= 0 ? address * 256 + octet : -1
}

export function formatIpv4(address: number): string {
  const high = `${OCTETS[address >>> 24]}.${OCTETS[(address >>> 16) & 0xff]}`
  return `${high}.${OCTETS[(address >>> 8) & 0xff]}.${OCTETS[address & 0xff]}`
}
