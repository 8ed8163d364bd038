import { getMac } from '../../address/index.js'
import { HeaderWriter } from '../header-writer.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { etherTypeOf, layerOfEtherType } from './protocols.js'

/** An Ethernet header, as XDP and tc see it: without preamble and frame check sequence. */
export interface EthernetLayer extends LayerPosition {
  readonly layer: 'ethernet'
  /** default `02:00:00:00:00:02` */
  readonly destination: string
  /** default `02:00:00:00:00:01` */
  readonly source: string
  /** EtherType, or a length below 1536 (IEEE 802.3); default: by the next layer */
  readonly type: number
}

/**
 * What {@link Packet.ethernet} takes.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const frame = packet().ethernet({ destination: 'ff:ff:ff:ff:ff:ff', type: 0x88cc }).payload('LLDP')
 * ```
 */
export interface EthernetFields extends Fields<EthernetLayer> {}

const size = 14

export const ethernet: LayerCodec<EthernetFields, EthernetLayer> = {
  encode({ destination = '02:00:00:00:00:02', source = '02:00:00:00:00:01', type }, { following }) {
    const header = new HeaderWriter('ethernet', size)
    header.mac(0, 'destination', destination)
    header.mac(6, 'source', source)
    header.u16(12, 'type', type ?? etherTypeOf(following))
    return header.bytes
  },
  decode({ bytes, view, offset, end }) {
    if (end - offset < size) return undefined
    const type = view.getUint16(offset + 12)
    const destination = getMac(bytes, offset)
    const source = getMac(bytes, offset + 6)
    return { layer: { layer: 'ethernet', offset, size, destination, source, type }, next: layerOfEtherType(type) }
  },
}
