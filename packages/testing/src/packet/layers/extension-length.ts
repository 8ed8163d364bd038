import { ArgumentError } from '../../errors/index.js'

/** The length of an IPv6 extension header as it is written: in units of 8 bytes, the first not counted (RFC 8200). */
export function extensionUnits(layer: string, length: number): number {
  if (Number.isInteger(length) && length % 8 === 0 && length >= 8 && length <= 2048) return length / 8 - 1
  throw new ArgumentError(`${layer}.headerLength`, length, 'a multiple of 8 from 8 to 2048')
}
