import { getIpv6, putIpv6 } from '../../address/index.js'
import type { PseudoHeader } from '../checksum.js'
import { HeaderWriter } from '../header-writer.js'
import { IpProtocol } from '../numbers.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { layerOfProtocol, protocolOf } from './protocols.js'

/** An IPv6 header (RFC 8200), without extension headers: those are layers of their own. */
export interface Ipv6Layer extends LayerPosition {
  readonly layer: 'ipv6'
  /** default `2001:db8::1` */
  readonly source: string
  /** default `2001:db8::2` */
  readonly destination: string
  /** default: by the next layer */
  readonly nextHeader: number
  /** default 64 */
  readonly hopLimit: number
  /** differentiated services code point, 0 to 63 */
  readonly dscp: number
  /** explicit congestion notification, 0 to 3 */
  readonly ecn: number
  /** 20 bits */
  readonly flowLabel: number
  /** default 6 */
  readonly version: number
  /** bytes after this header; default: the real number */
  readonly payloadLength: number
}

/**
 * What {@link Packet.ipv6} takes.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const marked = packet().ethernet().ipv6({ source: 'fd00::1', dscp: 46, flowLabel: 0x12345 }).udp()
 * ```
 */
export interface Ipv6Fields extends Fields<Ipv6Layer> {}

const size = 40
const defaults = { source: '2001:db8::1', destination: '2001:db8::2' }

/** `finalDestination`: from a routing header, instead of the header's own. */
export function ipv6PseudoHeader(
  { source = defaults.source, destination = defaults.destination }: Ipv6Fields,
  finalDestination: string | undefined,
): PseudoHeader {
  const bytes = new Uint8Array(32)
  putIpv6(bytes, 0, source, 'ipv6.source')
  putIpv6(bytes, 16, finalDestination ?? destination, 'ipv6.destination')
  return { source: bytes.subarray(0, 16), destination: bytes.subarray(16) }
}

export const ipv6: LayerCodec<Ipv6Fields, Ipv6Layer> = {
  encode(fields, { payload, following }) {
    const header = new HeaderWriter('ipv6', size)
    const version = header.integer('version', fields.version ?? 6, 4)
    const dscp = header.integer('dscp', fields.dscp ?? 0, 6)
    const ecn = header.integer('ecn', fields.ecn ?? 0, 2)
    const flowLabel = header.integer('flowLabel', fields.flowLabel ?? 0, 20)
    header.u32(0, 'version', ((version << 28) | (dscp << 22) | (ecn << 20) | flowLabel) >>> 0)
    header.u16(4, 'payloadLength', fields.payloadLength ?? payload.length)
    header.u8(6, 'nextHeader', fields.nextHeader ?? protocolOf(following, IpProtocol.NoNextHeader))
    header.u8(7, 'hopLimit', fields.hopLimit ?? 64)
    header.ipv6(8, 'source', fields.source ?? defaults.source)
    header.ipv6(24, 'destination', fields.destination ?? defaults.destination)
    return header.bytes
  },
  decode({ bytes, view, offset, end }) {
    if (end - offset < size) return undefined
    const first = view.getUint32(offset)
    const payloadLength = view.getUint16(offset + 4)
    const nextHeader = view.getUint8(offset + 6)
    return {
      layer: {
        layer: 'ipv6',
        offset,
        size,
        source: getIpv6(bytes, offset + 8),
        destination: getIpv6(bytes, offset + 24),
        nextHeader,
        hopLimit: view.getUint8(offset + 7),
        dscp: (first >>> 22) & 0x3f,
        ecn: (first >>> 20) & 3,
        flowLabel: first & 0xfffff,
        version: first >>> 28,
        payloadLength,
      },
      next: layerOfProtocol(nextHeader, 6),
      // 0 before a hop-by-hop header is a jumbogram (RFC 2675): its length is in an option there.
      end: payloadLength === 0 && nextHeader === IpProtocol.HopByHop ? end : offset + size + payloadLength,
      ip: { source: bytes.subarray(offset + 8, offset + 24), destination: bytes.subarray(offset + 24, offset + 40) },
    }
  },
}
