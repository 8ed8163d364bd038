import { getIpv6, getMac, putIpv6 } from '../../address/index.js'
import type { Checksum } from '../checksum.js'
import { HeaderWriter } from '../header-writer.js'
import { Icmpv6Type, IpProtocol } from '../numbers.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { checksumHolds, transportChecksum } from './transport-checksum.js'

/**
 * An ICMPv6 header (RFC 4443) and, of neighbour solicitations and advertisements (RFC 4861), the target and its link-layer
 * address. The packet that an error quotes comes as the layers after it.
 */
export interface Icmpv6Layer extends LayerPosition {
  readonly layer: 'icmpv6'
  /** default: echo request */
  readonly type: number
  readonly code: number
  /** echo */
  readonly identifier?: number | undefined
  /** echo */
  readonly sequence?: number | undefined
  /** packet too big */
  readonly mtu?: number | undefined
  /** parameter problem: the byte in question */
  readonly pointer?: number | undefined
  /** neighbour solicitation and advertisement: the address asked for */
  readonly target?: string | undefined
  /** the option with the MAC address: of the source in a solicitation, of the target in an advertisement */
  readonly linkLayerAddress?: string | undefined
  /** the four bytes after the checksum as they stand, where none of the above has them: flags of an advertisement */
  readonly rest?: number | undefined
  /** default: the right one */
  readonly checksum: number
  /** undefined for a fragment, or when something is cut off */
  readonly checksumValid: boolean | undefined
}

/**
 * What {@link Packet.icmpv6} takes.
 *
 * @example
 * ```ts
 * import { Icmpv6Type, packet } from '@millrace/testing'
 *
 * const { NeighborSolicitation: type } = Icmpv6Type
 * const whoHas = packet().ethernet().ipv6({ hopLimit: 255 }).icmpv6({ type, target: 'fe80::1' })
 * ```
 */
export interface Icmpv6Fields extends Fields<Icmpv6Layer> {
  readonly checksum?: Checksum | undefined
}

const fixedSize = 8
const targetSize = 16
const optionSize = 8
const echo: readonly number[] = [Icmpv6Type.EchoRequest, Icmpv6Type.EchoReply]
const neighbour: readonly number[] = [Icmpv6Type.NeighborSolicitation, Icmpv6Type.NeighborAdvertisement]
const errors: readonly number[] = [
  Icmpv6Type.Unreachable,
  Icmpv6Type.PacketTooBig,
  Icmpv6Type.TimeExceeded,
  Icmpv6Type.ParameterProblem,
]

const linkLayerOption = (type: number) => (type === Icmpv6Type.NeighborAdvertisement ? 2 : 1)

export const icmpv6: LayerCodec<Icmpv6Fields, Icmpv6Layer> = {
  encode(fields, context) {
    const { type = Icmpv6Type.EchoRequest, target, linkLayerAddress } = fields
    const atOption = fixedSize + (target === undefined ? 0 : targetSize)
    const header = new HeaderWriter('icmpv6', atOption + (linkLayerAddress === undefined ? 0 : optionSize))
    header.u8(0, 'type', type)
    header.u8(1, 'code', fields.code ?? 0)
    if (fields.rest !== undefined) header.u32(4, 'rest', fields.rest)
    if (fields.identifier !== undefined) header.u16(4, 'identifier', fields.identifier)
    if (fields.sequence !== undefined) header.u16(6, 'sequence', fields.sequence)
    if (fields.mtu !== undefined) header.u32(4, 'mtu', fields.mtu)
    if (fields.pointer !== undefined) header.u32(4, 'pointer', fields.pointer)
    if (target !== undefined) putIpv6(header.bytes, fixedSize, target, 'icmpv6.target')
    if (linkLayerAddress !== undefined) {
      header.bytes.set([linkLayerOption(type), 1], atOption)
      header.mac(atOption + 2, 'linkLayerAddress', linkLayerAddress)
    }
    header.u16(2, 'checksum', transportChecksum(fields.checksum, IpProtocol.Icmpv6, header.bytes, context))
    return header.bytes
  },
  decode(context) {
    const { bytes, view, offset, end } = context
    if (end - offset < fixedSize) return undefined
    const type = view.getUint8(offset)
    const target = neighbour.includes(type) && end - offset >= fixedSize + targetSize
    const atOption = offset + fixedSize + targetSize
    const option =
      target && end - atOption >= optionSize && view.getUint16(atOption) === (linkLayerOption(type) << 8) + 1
    return {
      layer: {
        layer: 'icmpv6',
        offset,
        size: fixedSize + (target ? targetSize : 0) + (option ? optionSize : 0),
        type,
        code: view.getUint8(offset + 1),
        ...restOf(type, view, offset + 4),
        ...(target ? { target: getIpv6(bytes, offset + fixedSize) } : {}),
        ...(option ? { linkLayerAddress: getMac(bytes, atOption + 2) } : {}),
        checksum: view.getUint16(offset + 2),
        checksumValid: checksumHolds(IpProtocol.Icmpv6, context),
      },
      next: errors.includes(type) ? 'ipv6' : undefined,
    }
  },
}

function restOf(type: number, view: DataView, at: number): Partial<Icmpv6Layer> {
  if (echo.includes(type)) return { identifier: view.getUint16(at), sequence: view.getUint16(at + 2) }
  const rest = view.getUint32(at)
  if (type === Icmpv6Type.PacketTooBig) return { mtu: rest }
  if (type === Icmpv6Type.ParameterProblem) return { pointer: rest }
  return { rest }
}
