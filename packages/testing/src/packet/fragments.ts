import { ArgumentError } from '../errors/index.js'
import { encodeLayers } from './encode.js'
import type { LayerSpec } from './layers/index.js'
import { protocolOf } from './layers/protocols.js'
import { IpProtocol } from './numbers.js'

/** Headers of IPv6 that every fragment has; the others are fragmented with what they precede (RFC 8200 4.5). */
const unfragmentable: readonly string[] = ['hopByHop', 'routing']

/** The layers of each fragment of a packet, at its outermost IP header. */
export function fragmentLayers(packet: readonly LayerSpec[], size: number, identification: number): LayerSpec[][] {
  if (!Number.isInteger(size) || size < 8 || size % 8 !== 0) {
    throw new ArgumentError('size', size, 'a multiple of 8 from 8 on, as fragment offsets are')
  }
  const layers = packet.filter(({ layer }) => layer !== 'trailer')
  const names: readonly string[] = layers.map(({ layer }) => layer)
  const at = names.findIndex((name) => name === 'ipv4' || name === 'ipv6')
  const ip = layers[at]
  if (ip === undefined) throw new ArgumentError('layers', names, 'an IP header among them')
  let rest = at + 1
  while (ip.layer === 'ipv6' && unfragmentable.includes(names[rest] ?? '')) rest++
  const head = layers.slice(0, rest)
  const content = encodeLayers(layers).subarray(encodeLayers(head).length)
  const protocol = protocolOf(layers.slice(rest), IpProtocol.NoNextHeader)

  return Array.from({ length: Math.ceil(content.length / size) }, (_, index) => {
    const fragmentOffset = index * size
    const piece = content.subarray(fragmentOffset, fragmentOffset + size)
    const place = { fragmentOffset, moreFragments: fragmentOffset + size < content.length, identification }
    const payload: LayerSpec = { layer: 'payload', fields: { bytes: piece } }
    if (ip.layer === 'ipv4') {
      return [...head.slice(0, at), { layer: 'ipv4', fields: { protocol, ...ip.fields, ...place } }, payload]
    }
    return [...head, { layer: 'fragment', fields: { ...place, nextHeader: protocol } }, payload]
  })
}
