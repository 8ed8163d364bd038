import { ArgumentError } from '../errors/index.js'

export function putIpv4(bytes: Uint8Array, offset: number, address: string, argument: string): void {
  const parts = typeof address === 'string' ? address.split('.') : []
  const numbers = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256))
  if (numbers.length !== 4 || numbers.some((it) => it > 255)) {
    throw new ArgumentError(argument, address, 'an IPv4 address such as 192.0.2.1')
  }
  bytes.set(numbers, offset)
}

export function getIpv4(bytes: Uint8Array, offset: number): string {
  return bytes.subarray(offset, offset + 4).join('.')
}
