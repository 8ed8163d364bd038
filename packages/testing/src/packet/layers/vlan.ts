import { HeaderWriter } from '../header-writer.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { etherTypeOf, layerOfEtherType } from './protocols.js'

/** A VLAN tag (IEEE 802.1Q). Two in a row are QinQ (802.1ad). */
export interface VlanLayer extends LayerPosition {
  readonly layer: 'vlan'
  /** VLAN identifier, 0 to 4095; default 1 */
  readonly id: number
  /** priority code point, 0 to 7 */
  readonly priority: number
  /** drop eligible indicator */
  readonly dropEligible: boolean
  /** EtherType of what follows; default: by the next layer */
  readonly type: number
}

/**
 * What {@link Packet.vlan} takes.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const qinq = packet().ethernet().vlan({ id: 100 }).vlan({ id: 7, priority: 5 }).ipv4()
 * ```
 */
export interface VlanFields extends Fields<VlanLayer> {
  /** the type that the header before announces this tag with: 0x8100, and 0x88a8 for a tag that another follows */
  readonly tpid?: number | undefined
}

const size = 4

export const vlan: LayerCodec<VlanFields, VlanLayer> = {
  encode({ id = 1, priority = 0, dropEligible = false, type }, { following }) {
    const header = new HeaderWriter('vlan', size)
    const control = (header.integer('priority', priority, 3) << 13) | (dropEligible ? 1 << 12 : 0)
    header.u16(0, 'id', control | header.integer('id', id, 12))
    header.u16(2, 'type', type ?? etherTypeOf(following))
    return header.bytes
  },
  decode({ view, offset, end }) {
    if (end - offset < size) return undefined
    const control = view.getUint16(offset)
    const type = view.getUint16(offset + 2)
    const dropEligible = (control & 0x1000) !== 0
    return {
      layer: { layer: 'vlan', offset, size, id: control & 0xfff, priority: control >> 13, dropEligible, type },
      next: layerOfEtherType(type),
    }
  },
}
