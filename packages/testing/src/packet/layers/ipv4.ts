import { getIpv4, putIpv4 } from '../../address/index.js'
import { type Checksum, chooseChecksum, internetChecksum, type PseudoHeader } from '../checksum.js'
import { HeaderWriter } from '../header-writer.js'
import { IpProtocol } from '../numbers.js'
import { decodeIpv4Options, encodeIpv4Options, type Ipv4Option } from './ipv4-options.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { layerOfProtocol, protocolOf } from './protocols.js'

/** An IPv4 header (RFC 791). */
export interface Ipv4Layer extends LayerPosition {
  readonly layer: 'ipv4'
  /** default `192.0.2.1` */
  readonly source: string
  /** default `192.0.2.2` */
  readonly destination: string
  /** default: by the next layer */
  readonly protocol: number
  /** default 64 */
  readonly ttl: number
  /** differentiated services code point, 0 to 63 */
  readonly dscp: number
  /** explicit congestion notification, 0 to 3 */
  readonly ecn: number
  readonly identification: number
  readonly dontFragment: boolean
  readonly moreFragments: boolean
  /** bytes, a multiple of 8; what follows an offset other than 0 is plain payload */
  readonly fragmentOffset: number
  /** the reserved flag, which has to be 0 */
  readonly reserved: boolean
  readonly options: readonly Ipv4Option[]
  /** default 4 */
  readonly version: number
  /** bytes as the header has it (4 times IHL), a multiple of 4 from 0 to 60; default: the real one */
  readonly headerLength: number
  /** bytes of header and payload; default: the real number */
  readonly totalLength: number
  /** default: the right one */
  readonly checksum: number
  readonly checksumValid: boolean
}

/**
 * What {@link Packet.ipv4} takes.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const expired = packet().ethernet().ipv4({ source: '10.0.0.1', destination: '10.0.0.2', ttl: 0 }).udp()
 * const broken = packet().ethernet().ipv4({ headerLength: 16, checksum: 'wrong' }).udp()
 * ```
 */
export interface Ipv4Fields extends Fields<Ipv4Layer> {
  readonly checksum?: Checksum | undefined
}

const fixedSize = 20
const defaults = { source: '192.0.2.1', destination: '192.0.2.2' }

export function ipv4PseudoHeader({
  source = defaults.source,
  destination = defaults.destination,
}: Ipv4Fields): PseudoHeader {
  const bytes = new Uint8Array(8)
  putIpv4(bytes, 0, source, 'ipv4.source')
  putIpv4(bytes, 4, destination, 'ipv4.destination')
  return { source: bytes.subarray(0, 4), destination: bytes.subarray(4) }
}

export const ipv4: LayerCodec<Ipv4Fields, Ipv4Layer> = {
  encode(fields, { payload, following }) {
    const options = encodeIpv4Options(fields.options ?? [])
    const size = fixedSize + options.length
    const header = new HeaderWriter('ipv4', size)
    const words = header.integer('headerLength', fields.headerLength ?? size, 4, 4)
    header.u8(0, 'version', (header.integer('version', fields.version ?? 4, 4) << 4) | words)
    const dscp = header.integer('dscp', fields.dscp ?? 0, 6)
    header.u8(1, 'dscp', (dscp << 2) | header.integer('ecn', fields.ecn ?? 0, 2))
    header.u16(2, 'totalLength', fields.totalLength ?? size + payload.length)
    header.u16(4, 'identification', fields.identification ?? 0)
    const flags = (fields.reserved ? 4 : 0) | (fields.dontFragment ? 2 : 0) | (fields.moreFragments ? 1 : 0)
    header.u16(6, 'fragmentOffset', (flags << 13) | header.integer('fragmentOffset', fields.fragmentOffset ?? 0, 13, 8))
    header.u8(8, 'ttl', fields.ttl ?? 64)
    header.u8(9, 'protocol', fields.protocol ?? protocolOf(following, IpProtocol.Experimental))
    header.ipv4(12, 'source', fields.source ?? defaults.source)
    header.ipv4(16, 'destination', fields.destination ?? defaults.destination)
    header.bytes.set(options, fixedSize)
    header.u16(
      10,
      'checksum',
      chooseChecksum(fields.checksum, () => internetChecksum(header.bytes)),
    )
    return header.bytes
  },
  decode({ bytes, view, offset, end }) {
    if (end - offset < fixedSize) return undefined
    const headerLength = (view.getUint8(offset) & 0xf) * 4
    const size = Math.max(fixedSize, headerLength)
    if (end - offset < size) return undefined
    const flags = view.getUint8(offset + 6) >> 5
    const fragmentOffset = (view.getUint16(offset + 6) & 0x1fff) * 8
    const moreFragments = (flags & 1) !== 0
    const totalLength = view.getUint16(offset + 2)
    const protocol = view.getUint8(offset + 9)
    return {
      layer: {
        layer: 'ipv4',
        offset,
        size,
        source: getIpv4(bytes, offset + 12),
        destination: getIpv4(bytes, offset + 16),
        protocol,
        ttl: view.getUint8(offset + 8),
        dscp: view.getUint8(offset + 1) >> 2,
        ecn: view.getUint8(offset + 1) & 3,
        identification: view.getUint16(offset + 4),
        dontFragment: (flags & 2) !== 0,
        moreFragments,
        fragmentOffset,
        reserved: (flags & 4) !== 0,
        options: decodeIpv4Options(bytes.subarray(offset + fixedSize, offset + size)),
        version: view.getUint8(offset) >> 4,
        headerLength,
        totalLength,
        checksum: view.getUint16(offset + 10),
        checksumValid: internetChecksum(bytes.subarray(offset, offset + size)) === 0,
      },
      next: fragmentOffset === 0 ? layerOfProtocol(protocol, 4) : undefined,
      // 0 is what segmentation offload leaves there.
      end: totalLength === 0 ? end : offset + Math.max(size, totalLength),
      ip: { source: bytes.subarray(offset + 12, offset + 16), destination: bytes.subarray(offset + 16, offset + 20) },
      fragment: moreFragments || fragmentOffset > 0,
    }
  },
}
