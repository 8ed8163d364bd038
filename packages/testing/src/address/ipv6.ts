import ipaddr from 'ipaddr.js'
import { ArgumentError } from '../errors/index.js'

export function putIpv6(bytes: Uint8Array, offset: number, address: string, argument: string): void {
  if (typeof address !== 'string' || address.includes('%') || !ipaddr.IPv6.isValid(address)) {
    throw new ArgumentError(argument, address, 'an IPv6 address such as 2001:db8::1')
  }
  bytes.set(ipaddr.IPv6.parse(address).toByteArray(), offset)
}

/** As RFC 5952 wants it written. */
export function getIpv6(bytes: Uint8Array, offset: number): string {
  return new ipaddr.IPv6([...bytes.subarray(offset, offset + 16)]).toRFC5952String()
}

/** The address as {@link getIpv6} writes it; it has to be one. */
export function normalizeIpv6(address: string): string {
  return ipaddr.IPv6.parse(address).toRFC5952String()
}
