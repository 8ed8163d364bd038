/**
 * A checksum as a builder takes it: a number as it stands, `'wrong'` for one that is certain to be refused.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const refused = packet().ethernet().ipv4().tcp({ syn: true, checksum: 'wrong' })
 * const given = packet().ethernet().ipv4({ checksum: 0xbeef }).tcp({ syn: true })
 * ```
 */
export type Checksum = number | 'wrong'

/** Ones' complement sum of 16-bit words, not folded. Only the last part may be of odd length. (RFC 1071) */
function sum(parts: readonly Uint8Array[]): number {
  let total = 0
  for (const part of parts) {
    const even = part.length & ~1
    for (let at = 0; at < even; at += 2) total += ((part[at] ?? 0) << 8) | (part[at + 1] ?? 0)
    if (even < part.length) total += (part[even] ?? 0) << 8
  }
  return total
}

/** Internet checksum (RFC 1071); 0 when the checksum in `parts` is right. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  let folded = sum(parts)
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return ~folded & 0xffff
}

/** What to write: what the caller wants, or what is right. */
export function chooseChecksum(wanted: Checksum | undefined, right: () => number): number {
  if (wanted === undefined) return right()
  return wanted === 'wrong' ? spoil(right()) : wanted
}

/** Never 0, which is "none" in UDP, nor the other zero of ones' complement. */
function spoil(checksum: number): number {
  const wrong = checksum ^ 0x1234
  return wrong === 0 || wrong === 0xffff ? checksum ^ 0x4321 : wrong
}

/** Source and destination as the checksums of TCP, UDP and ICMPv6 take them in (RFC 9293 3.1, RFC 8200 8.1). */
export interface PseudoHeader {
  readonly source: Uint8Array
  readonly destination: Uint8Array
}

export function pseudoHeaderBytes({ source, destination }: PseudoHeader, protocol: number, length: number): Uint8Array {
  const bytes = new Uint8Array(source.length + destination.length + 8)
  bytes.set(source)
  bytes.set(destination, source.length)
  const view = new DataView(bytes.buffer, source.length + destination.length)
  // IPv4 has a 16-bit length after the protocol, IPv6 a 32-bit one before it: the sum is the same.
  view.setUint32(0, length)
  view.setUint32(4, protocol)
  return bytes
}
