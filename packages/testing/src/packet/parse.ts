import { decodeLayers } from './decode.js'
import { formatLayers } from './format-layers.js'
import type { Layer, LayerName } from './layers/index.js'

/** Options of {@link parsePacket}. */
export interface ParseOptions {
  /** the first header, default `ethernet`; `ip` looks at the version */
  readonly from?: 'ethernet' | 'ip' | undefined
}

/**
 * A packet taken apart.
 *
 * @example
 * ```ts
 * import { packet, parsePacket } from '@millrace/testing'
 *
 * const parsed = parsePacket(packet().ethernet().ipv4().ipv4({ ttl: 3 }).udp().build())
 * console.log(parsed.get('ipv4', 1)?.ttl, parsed.truncated) // 3 false
 * console.log(String(parsed))
 * ```
 */
export interface DecodedPacket {
  readonly bytes: Uint8Array
  /** from the outermost on; the packet that an ICMP error quotes, and what a tunnel carries, come after their carrier */
  readonly layers: readonly Layer[]
  /** a header is cut off, or a length says that there is more than there is (what an ICMP error quotes is not counted) */
  readonly truncated: boolean
  /** The first layer of that name, or the one after `index` others. */
  get<Name extends LayerName>(layer: Name, index?: number): Extract<Layer, { layer: Name }> | undefined
  /** As {@link formatPacket} prints it. */
  toString(): string
}

/**
 * Takes a packet apart. Never throws: what cannot be read is a `payload` layer.
 *
 * @example
 * ```ts
 * import { packet, parsePacket } from '@millrace/testing'
 *
 * const parsed = parsePacket(packet().ethernet().ipv4({ ttl: 9 }).udp({ checksum: 'wrong' }).payload('hi').build())
 * console.log(parsed.layers.map(({ layer }) => layer)) // [ 'ethernet', 'ipv4', 'udp', 'payload' ]
 * console.log(parsed.get('ipv4')?.ttl, parsed.get('udp')?.checksumValid) // 9 false
 * ```
 */
export function parsePacket(bytes: Uint8Array, { from = 'ethernet' }: ParseOptions = {}): DecodedPacket {
  const first = from === 'ethernet' ? from : (bytes[0] ?? 0) >> 4 === 6 ? 'ipv6' : 'ipv4'
  const { layers, truncated } = decodeLayers(bytes, first)
  return {
    bytes,
    layers,
    truncated,
    get: <Name extends LayerName>(name: Name, index = 0) =>
      layers.filter((it): it is Extract<Layer, { layer: Name }> => it.layer === name)[index],
    toString: () => formatLayers(layers, truncated),
  }
}
