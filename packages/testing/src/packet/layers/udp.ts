import type { Checksum } from '../checksum.js'
import { HeaderWriter } from '../header-writer.js'
import { IpProtocol } from '../numbers.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { checksumHolds, transportChecksum } from './transport-checksum.js'

/** A UDP header (RFC 768). */
export interface UdpLayer extends LayerPosition {
  readonly layer: 'udp'
  /** default 40000 */
  readonly sourcePort: number
  /** default 9, discard */
  readonly destinationPort: number
  /** bytes of header and payload; default: the real number */
  readonly length: number
  /** default: the right one; 0 is none */
  readonly checksum: number
  /** undefined when there is none (over IPv4), for a fragment, or when something is cut off */
  readonly checksumValid: boolean | undefined
}

/**
 * What {@link Packet.udp} takes.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const unchecked = packet().ethernet().ipv4().udp({ destinationPort: 53, checksum: 0 }).payload('query')
 * ```
 */
export interface UdpFields extends Fields<UdpLayer> {
  readonly checksum?: Checksum | undefined
}

const size = 8

export const udp: LayerCodec<UdpFields, UdpLayer> = {
  encode(fields, context) {
    const header = new HeaderWriter('udp', size)
    header.u16(0, 'sourcePort', fields.sourcePort ?? 40000)
    header.u16(2, 'destinationPort', fields.destinationPort ?? 9)
    header.u16(4, 'length', fields.length ?? size + context.payload.length)
    const checksum = transportChecksum(fields.checksum, IpProtocol.Udp, header.bytes, context)
    // A sum of 0 is written as the other zero, since 0 says that there is no checksum.
    header.u16(6, 'checksum', checksum === 0 && fields.checksum !== 0 ? 0xffff : checksum)
    return header.bytes
  },
  decode(context) {
    const { view, offset, end, ip, whole } = context
    if (end - offset < size) return undefined
    const length = view.getUint16(offset + 4)
    const checksum = view.getUint16(offset + 6)
    const stop = length < size ? end : offset + length
    const none = checksum === 0 && ip?.source.length === 4
    return {
      layer: {
        layer: 'udp',
        offset,
        size,
        sourcePort: view.getUint16(offset),
        destinationPort: view.getUint16(offset + 2),
        length,
        checksum,
        checksumValid: none
          ? undefined
          : checksum !== 0 && checksumHolds(IpProtocol.Udp, { ...context, end: stop, whole: whole && stop <= end }),
      },
      end: stop,
    }
  },
}
