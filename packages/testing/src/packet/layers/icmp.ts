import { getIpv4 } from '../../address/index.js'
import { type Checksum, chooseChecksum, internetChecksum } from '../checksum.js'
import { HeaderWriter } from '../header-writer.js'
import { IcmpType } from '../numbers.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'

/**
 * An ICMP header (RFC 792): 8 bytes, of which the last four depend on the type. The packet that an error quotes comes as the
 * layers after it.
 */
export interface IcmpLayer extends LayerPosition {
  readonly layer: 'icmp'
  /** default: echo request */
  readonly type: number
  readonly code: number
  /** echo and timestamp */
  readonly identifier?: number | undefined
  /** echo and timestamp */
  readonly sequence?: number | undefined
  /** fragmentation needed: of the next hop (RFC 1191) */
  readonly mtu?: number | undefined
  /** redirect */
  readonly gateway?: string | undefined
  /** parameter problem: the byte in question */
  readonly pointer?: number | undefined
  /** the last four bytes as they stand, where none of the above has them */
  readonly rest?: number | undefined
  /** default: the right one */
  readonly checksum: number
  /** undefined for a fragment, or when something is cut off */
  readonly checksumValid: boolean | undefined
}

/**
 * What {@link Packet.icmp} takes.
 *
 * @example
 * ```ts
 * import { IcmpType, packet } from '@millrace/testing'
 *
 * const ping = packet().ethernet().ipv4().icmp({ identifier: 1, sequence: 2 }).payload('ping')
 * const unreachable = packet().ethernet().ipv4().icmp({ type: IcmpType.Unreachable, code: 3 }).ipv4().udp()
 * ```
 */
export interface IcmpFields extends Fields<IcmpLayer> {
  readonly checksum?: Checksum | undefined
}

const size = 8
const queries: readonly number[] = [
  IcmpType.EchoRequest,
  IcmpType.EchoReply,
  IcmpType.TimestampRequest,
  IcmpType.TimestampReply,
]
const errors: readonly number[] = [
  IcmpType.Unreachable,
  IcmpType.SourceQuench,
  IcmpType.Redirect,
  IcmpType.TimeExceeded,
  IcmpType.ParameterProblem,
]

export const icmp: LayerCodec<IcmpFields, IcmpLayer> = {
  encode(fields, { payload }) {
    const header = new HeaderWriter('icmp', size)
    header.u8(0, 'type', fields.type ?? IcmpType.EchoRequest)
    header.u8(1, 'code', fields.code ?? 0)
    if (fields.rest !== undefined) header.u32(4, 'rest', fields.rest)
    if (fields.identifier !== undefined) header.u16(4, 'identifier', fields.identifier)
    if (fields.sequence !== undefined) header.u16(6, 'sequence', fields.sequence)
    if (fields.mtu !== undefined) header.u16(6, 'mtu', fields.mtu)
    if (fields.gateway !== undefined) header.ipv4(4, 'gateway', fields.gateway)
    if (fields.pointer !== undefined) header.u8(4, 'pointer', fields.pointer)
    header.u16(
      2,
      'checksum',
      chooseChecksum(fields.checksum, () => internetChecksum(header.bytes, payload)),
    )
    return header.bytes
  },
  decode({ bytes, view, offset, end, whole }) {
    if (end - offset < size) return undefined
    const type = view.getUint8(offset)
    const code = view.getUint8(offset + 1)
    return {
      layer: {
        layer: 'icmp',
        offset,
        size,
        type,
        code,
        ...restOf(type, code, bytes, view, offset + 4),
        checksum: view.getUint16(offset + 2),
        checksumValid: whole ? internetChecksum(bytes.subarray(offset, end)) === 0 : undefined,
      },
      next: errors.includes(type) ? 'ipv4' : undefined,
    }
  },
}

function restOf(type: number, code: number, bytes: Uint8Array, view: DataView, at: number): Partial<IcmpLayer> {
  if (queries.includes(type)) return { identifier: view.getUint16(at), sequence: view.getUint16(at + 2) }
  if (type === IcmpType.Redirect) return { gateway: getIpv4(bytes, at) }
  const rest = view.getUint32(at)
  if (type === IcmpType.Unreachable && code === 4 && rest < 0x10000) return { mtu: rest }
  if (type === IcmpType.ParameterProblem && (rest & 0xffffff) === 0) return { pointer: rest >>> 24 }
  return { rest }
}
