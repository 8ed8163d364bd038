import type { Checksum } from '../checksum.js'
import { HeaderWriter } from '../header-writer.js'
import { IpProtocol } from '../numbers.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { decodeTcpOptions, encodeTcpOptions, type TcpOption } from './tcp-options.js'
import { checksumHolds, transportChecksum } from './transport-checksum.js'

/** A TCP header (RFC 9293). */
export interface TcpLayer extends LayerPosition {
  readonly layer: 'tcp'
  /** default 40000 */
  readonly sourcePort: number
  /** default 80 */
  readonly destinationPort: number
  /** sequence number, 32 bits */
  readonly sequence: number
  /** acknowledgement number, 32 bits */
  readonly acknowledgement: number
  /** flags; default: none is set */
  readonly cwr: boolean
  readonly ece: boolean
  readonly urg: boolean
  readonly ack: boolean
  readonly psh: boolean
  readonly rst: boolean
  readonly syn: boolean
  readonly fin: boolean
  /** default 65535 */
  readonly window: number
  readonly urgentPointer: number
  /** padded with zeroes when written */
  readonly options: readonly TcpOption[]
  /** the four bits after the data offset */
  readonly reserved: number
  /** bytes as the header has it (4 times the data offset), a multiple of 4 from 0 to 60; default: the real one */
  readonly headerLength: number
  /** default: the right one */
  readonly checksum: number
  /** undefined for a fragment, or when something is cut off */
  readonly checksumValid: boolean | undefined
}

/**
 * What {@link Packet.tcp} takes.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const push = packet().ethernet().ipv4().tcp({ destinationPort: 80, ack: true, psh: true, sequence: 1 }).payload('GET /')
 * ```
 */
export interface TcpFields extends Fields<TcpLayer> {
  readonly checksum?: Checksum | undefined
}

const fixedSize = 20
const flagNames = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] as const

export const tcp: LayerCodec<TcpFields, TcpLayer> = {
  encode(fields, context) {
    const options = encodeTcpOptions(fields.options ?? [])
    const header = new HeaderWriter('tcp', fixedSize + options.length)
    header.u16(0, 'sourcePort', fields.sourcePort ?? 40000)
    header.u16(2, 'destinationPort', fields.destinationPort ?? 80)
    header.u32(4, 'sequence', fields.sequence ?? 0)
    header.u32(8, 'acknowledgement', fields.acknowledgement ?? 0)
    const words = header.integer('headerLength', fields.headerLength ?? header.bytes.length, 4, 4)
    header.u8(12, 'headerLength', (words << 4) | header.integer('reserved', fields.reserved ?? 0, 4))
    header.u8(
      13,
      'flags',
      flagNames.reduce((flags, name, bit) => flags | (fields[name] ? 1 << bit : 0), 0),
    )
    header.u16(14, 'window', fields.window ?? 65535)
    header.u16(18, 'urgentPointer', fields.urgentPointer ?? 0)
    header.bytes.set(options, fixedSize)
    header.u16(16, 'checksum', transportChecksum(fields.checksum, IpProtocol.Tcp, header.bytes, context))
    return header.bytes
  },
  decode(context) {
    const { bytes, view, offset, end } = context
    if (end - offset < fixedSize) return undefined
    const headerLength = (view.getUint8(offset + 12) >> 4) * 4
    const size = Math.max(fixedSize, headerLength)
    if (end - offset < size) return undefined
    const flags = view.getUint8(offset + 13)
    const flag = (name: (typeof flagNames)[number]) => (flags & (1 << flagNames.indexOf(name))) !== 0
    return {
      layer: {
        layer: 'tcp',
        offset,
        size,
        sourcePort: view.getUint16(offset),
        destinationPort: view.getUint16(offset + 2),
        sequence: view.getUint32(offset + 4),
        acknowledgement: view.getUint32(offset + 8),
        cwr: flag('cwr'),
        ece: flag('ece'),
        urg: flag('urg'),
        ack: flag('ack'),
        psh: flag('psh'),
        rst: flag('rst'),
        syn: flag('syn'),
        fin: flag('fin'),
        window: view.getUint16(offset + 14),
        urgentPointer: view.getUint16(offset + 18),
        options: decodeTcpOptions(bytes.subarray(offset + fixedSize, offset + size)),
        reserved: view.getUint8(offset + 12) & 0xf,
        headerLength,
        checksum: view.getUint16(offset + 16),
        checksumValid: checksumHolds(IpProtocol.Tcp, context),
      },
    }
  },
}
