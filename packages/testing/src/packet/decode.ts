import { codecs, type Layer, type LayerName } from './layers/index.js'
import type { DecodeContext, Decoded } from './layers/layer.js'
import { payload, trailer } from './layers/payload.js'

/** Reads header after header, each telling what comes next and how far it reaches. */
export function decodeLayers(bytes: Uint8Array, first: LayerName): { layers: readonly Layer[]; truncated: boolean } {
  const packet = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
  const layers: Layer[] = []
  let next: LayerName | undefined = first
  let at: Pick<DecodeContext, 'offset' | 'end' | 'ip' | 'whole'> = {
    offset: 0,
    end: bytes.length,
    ip: undefined,
    whole: true,
  }
  let truncated = false

  while (next !== undefined && next !== 'trailer') {
    const decoded: Decoded<Layer> | undefined = codecs[next].decode({ ...packet, ...at })
    const isCutOff = decoded === undefined || (decoded.end ?? 0) > at.end
    truncated ||= isCutOff && !layers.some(quotes)
    if (decoded === undefined) break
    layers.push(decoded.layer)
    at = {
      offset: at.offset + decoded.layer.size,
      end: Math.min(at.end, decoded.end ?? at.end),
      ip: decoded.ip ?? at.ip,
      whole: at.whole && !isCutOff && decoded.fragment !== true,
    }
    next = decoded.next
  }
  const end = next === 'trailer' ? at.offset : at.end
  if (at.offset < end) layers.push(payload.decode({ bytes, offset: at.offset, end }).layer)
  if (end < bytes.length) layers.push(trailer.decode({ bytes, offset: end, end: bytes.length }).layer)
  return { layers, truncated }
}

/** An ICMP error quotes the beginning of a packet: what lacks of that is no fault. */
function quotes({ layer }: Layer): boolean {
  return layer === 'icmp' || layer === 'icmpv6'
}
