import { type Checksum, chooseChecksum, internetChecksum, pseudoHeaderBytes } from '../checksum.js'
import type { DecodeContext, EncodeContext } from './layer.js'

/** The checksum of a header (whose own field is still 0) and its payload. */
export function transportChecksum(
  wanted: Checksum | undefined,
  protocol: number,
  header: Uint8Array,
  { payload, ip }: EncodeContext,
): number {
  return chooseChecksum(wanted, () => {
    // A header of odd length cannot be: options are padded.
    const pseudo = ip === undefined ? [] : [pseudoHeaderBytes(ip, protocol, header.length + payload.length)]
    return internetChecksum(...pseudo, header, payload)
  })
}

/** undefined when it cannot be told: no IP header before it, a fragment, or something is cut off. */
export function checksumHolds(
  protocol: number,
  { bytes, offset, end, ip, whole }: Pick<DecodeContext, 'bytes' | 'offset' | 'end' | 'ip' | 'whole'>,
): boolean | undefined {
  if (ip === undefined || !whole) return undefined
  return internetChecksum(pseudoHeaderBytes(ip, protocol, end - offset), bytes.subarray(offset, end)) === 0
}
