import type { PseudoHeader } from './checksum.js'
import { codecs, type LayerName, type LayerSpec } from './layers/index.js'
import { ipv4PseudoHeader } from './layers/ipv4.js'
import { ipv6PseudoHeader } from './layers/ipv6.js'
import type { EncodeContext } from './layers/layer.js'
import { finalDestination } from './layers/routing.js'

/** Writes layers from the inside out, because lengths and checksums span what comes after. */
export function encodeLayers(specs: readonly LayerSpec[]): Uint8Array {
  const layers = specs.filter(({ layer }) => layer !== 'trailer')
  let bytes: Uint8Array = new Uint8Array(0)
  for (const [index, spec] of [...layers.entries()].reverse()) {
    const ip = pseudoHeader(layers.slice(0, index))
    bytes = concatenate(encodeLayer(spec, { payload: bytes, following: layers.slice(index + 1), ip }), bytes)
  }
  const trailers = specs.flatMap((spec) => (spec.layer === 'trailer' ? [spec.fields.bytes] : []))
  return concatenate(bytes, ...trailers)
}

function encodeLayer<N extends LayerName>({ layer, fields }: LayerSpec<N>, context: EncodeContext): Uint8Array {
  return codecs[layer].encode(fields, context)
}

function pseudoHeader(before: readonly LayerSpec[]): PseudoHeader | undefined {
  let routed: string | undefined
  for (const spec of [...before].reverse()) {
    if (spec.layer === 'ipv4') return ipv4PseudoHeader(spec.fields)
    if (spec.layer === 'ipv6') return ipv6PseudoHeader(spec.fields, routed)
    if (spec.layer === 'routing') routed ??= finalDestination(spec.fields)
  }
  return undefined
}

function concatenate(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
