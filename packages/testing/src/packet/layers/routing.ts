import { getIpv6 } from '../../address/index.js'
import { HeaderWriter } from '../header-writer.js'
import { IpProtocol } from '../numbers.js'
import { extensionUnits } from './extension-length.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { layerOfProtocol, protocolOf } from './protocols.js'

/**
 * An IPv6 routing header: by default a segment routing header (type 4, RFC 8754); types 0 and 2 (RFC 5095, RFC 6275)
 * have a list of addresses, too. Of any other type, everything after the first four bytes is `data`.
 */
export interface RoutingLayer extends LayerPosition {
  readonly layer: 'routing'
  readonly type: number
  readonly segmentsLeft: number
  /** addresses in the order of the header: in type 4 the last segment comes first */
  readonly segments: readonly string[]
  /** type 4: index of the last segment in `segments` */
  readonly lastEntry: number
  /** type 4: 8 bits */
  readonly flags: number
  /** type 4: 16 bits */
  readonly tag: number
  /** what follows the segments, TLVs in type 4; brings the header to a multiple of 8 bytes */
  readonly data: Uint8Array
  /** default: by the next layer */
  readonly nextHeader: number
  /** bytes as the header has it, a multiple of 8 from 8 to 2048; default: the real one */
  readonly headerLength: number
}

/**
 * What {@link Packet.routing} takes.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const segments = ['2001:db8::9', '2001:db8::5'] // the last one first
 * const routed = packet().ethernet().ipv6({ destination: '2001:db8::5' }).routing({ segments, segmentsLeft: 1 }).udp()
 * ```
 */
export interface RoutingFields extends Fields<RoutingLayer> {}

const segmentRouting = 4
const withAddresses: readonly number[] = [0, 2, segmentRouting]

/** Where the packet goes in the end: what a checksum above it is made with (RFC 8200 8.1). */
export function finalDestination({
  type = segmentRouting,
  segmentsLeft,
  segments = [],
}: RoutingFields): string | undefined {
  if ((segmentsLeft ?? 0) === 0) return undefined
  return type === segmentRouting ? segments[0] : segments.at(-1)
}

export const routing: LayerCodec<RoutingFields, RoutingLayer> = {
  encode(fields, { following }) {
    const { type = segmentRouting, segments = [], data = new Uint8Array(0) } = fields
    const fixed = withAddresses.includes(type) ? 8 : 4
    const used = fixed + segments.length * 16 + data.length
    const header = new HeaderWriter('routing', Math.max(8, Math.ceil(used / 8) * 8))
    header.u8(0, 'nextHeader', fields.nextHeader ?? protocolOf(following, IpProtocol.NoNextHeader))
    header.u8(1, 'headerLength', extensionUnits('routing', fields.headerLength ?? header.bytes.length))
    header.u8(2, 'type', type)
    header.u8(3, 'segmentsLeft', fields.segmentsLeft ?? 0)
    if (type === segmentRouting) {
      header.u8(4, 'lastEntry', fields.lastEntry ?? Math.max(0, segments.length - 1))
      header.u8(5, 'flags', fields.flags ?? 0)
      header.u16(6, 'tag', fields.tag ?? 0)
    }
    for (const [index, segment] of segments.entries()) header.ipv6(fixed + index * 16, `segments[${index}]`, segment)
    header.bytes.set(data, fixed + segments.length * 16)
    return header.bytes
  },
  decode({ bytes, view, offset, end, ip }) {
    if (end - offset < 8) return undefined
    const size = view.getUint8(offset + 1) * 8 + 8
    if (end - offset < size) return undefined
    const nextHeader = view.getUint8(offset)
    const type = view.getUint8(offset + 2)
    const segmentsLeft = view.getUint8(offset + 3)
    const isSegmentRouting = type === segmentRouting
    const lastEntry = isSegmentRouting ? view.getUint8(offset + 4) : 0
    const fixed = withAddresses.includes(type) ? 8 : 4
    const room = fixed === 8 ? Math.floor((size - fixed) / 16) : 0
    const count = isSegmentRouting ? Math.min(room, lastEntry + 1) : room
    const segments = Array.from({ length: count }, (_, index) => getIpv6(bytes, offset + fixed + index * 16))
    const last = offset + fixed + (isSegmentRouting ? 0 : (count - 1) * 16)
    return {
      layer: {
        layer: 'routing',
        offset,
        size,
        type,
        segmentsLeft,
        segments,
        lastEntry,
        flags: isSegmentRouting ? view.getUint8(offset + 5) : 0,
        tag: isSegmentRouting ? view.getUint16(offset + 6) : 0,
        data: bytes.slice(offset + fixed + count * 16, offset + size),
        nextHeader,
        headerLength: size,
      },
      next: layerOfProtocol(nextHeader, 6),
      ip: ip && segmentsLeft > 0 && count > 0 ? { ...ip, destination: bytes.subarray(last, last + 16) } : ip,
    }
  },
}
