import { getIpv4, getMac } from '../../address/index.js'
import { HeaderWriter } from '../header-writer.js'
import { EtherType } from '../numbers.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'

/** ARP for IPv4 over Ethernet (RFC 826). */
export interface ArpLayer extends LayerPosition {
  readonly layer: 'arp'
  /** 1 request (default), 2 reply */
  readonly operation: number
  readonly senderMac: string
  readonly senderAddress: string
  readonly targetMac: string
  readonly targetAddress: string
  /** 1: Ethernet */
  readonly hardwareType: number
  /** EtherType of the addresses asked for, default IPv4 */
  readonly protocolType: number
  /** bytes of a hardware address as the header has it; the addresses are laid out for 6 in any case */
  readonly hardwareSize: number
  /** bytes of a protocol address as the header has it; the addresses are laid out for 4 in any case */
  readonly protocolSize: number
}

/**
 * What {@link Packet.arp} takes.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const reply = packet().ethernet().arp({ operation: 2, senderMac: '02:00:00:00:00:07', senderAddress: '10.0.0.7' })
 * ```
 */
export interface ArpFields extends Fields<ArpLayer> {}

const size = 28

export const arp: LayerCodec<ArpFields, ArpLayer> = {
  encode(fields) {
    const header = new HeaderWriter('arp', size)
    header.u16(0, 'hardwareType', fields.hardwareType ?? 1)
    header.u16(2, 'protocolType', fields.protocolType ?? EtherType.Ipv4)
    header.u8(4, 'hardwareSize', fields.hardwareSize ?? 6)
    header.u8(5, 'protocolSize', fields.protocolSize ?? 4)
    header.u16(6, 'operation', fields.operation ?? 1)
    header.mac(8, 'senderMac', fields.senderMac ?? '02:00:00:00:00:01')
    header.ipv4(14, 'senderAddress', fields.senderAddress ?? '192.0.2.1')
    header.mac(18, 'targetMac', fields.targetMac ?? '00:00:00:00:00:00')
    header.ipv4(24, 'targetAddress', fields.targetAddress ?? '192.0.2.2')
    return header.bytes
  },
  decode({ bytes, view, offset, end }) {
    if (end - offset < size) return undefined
    return {
      layer: {
        layer: 'arp',
        offset,
        size,
        operation: view.getUint16(offset + 6),
        senderMac: getMac(bytes, offset + 8),
        senderAddress: getIpv4(bytes, offset + 14),
        targetMac: getMac(bytes, offset + 18),
        targetAddress: getIpv4(bytes, offset + 24),
        hardwareType: view.getUint16(offset),
        protocolType: view.getUint16(offset + 2),
        hardwareSize: view.getUint8(offset + 4),
        protocolSize: view.getUint8(offset + 5),
      },
      next: 'trailer',
    }
  },
}
