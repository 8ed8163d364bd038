import { ArgumentError } from '../errors/index.js'

export function putMac(bytes: Uint8Array, offset: number, address: string, argument: string): void {
  if (typeof address !== 'string' || !/^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(address)) {
    throw new ArgumentError(argument, address, 'a MAC address such as 02:00:00:00:00:01')
  }
  bytes.set(
    address.split(':').map((part) => Number.parseInt(part, 16)),
    offset,
  )
}

export function getMac(bytes: Uint8Array, offset: number): string {
  return Array.from(bytes.subarray(offset, offset + 6), (it) => it.toString(16).padStart(2, '0')).join(':')
}
