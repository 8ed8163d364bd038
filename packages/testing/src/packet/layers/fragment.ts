import { HeaderWriter } from '../header-writer.js'
import { IpProtocol } from '../numbers.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { layerOfProtocol, protocolOf } from './protocols.js'

/** An IPv6 fragment header (RFC 8200 4.5). What follows an offset other than 0 is plain payload. */
export interface FragmentLayer extends LayerPosition {
  readonly layer: 'fragment'
  /** bytes, a multiple of 8 */
  readonly fragmentOffset: number
  readonly moreFragments: boolean
  /** 32 bits */
  readonly identification: number
  /** default: by the next layer */
  readonly nextHeader: number
}

/**
 * What {@link Packet.fragment} takes.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const last = packet().ipv6().fragment({ fragmentOffset: 1448, identification: 7, nextHeader: 17 }).payload('the rest')
 * ```
 */
export interface FragmentFields extends Fields<FragmentLayer> {}

const size = 8

export const fragment: LayerCodec<FragmentFields, FragmentLayer> = {
  encode(fields, { following }) {
    const header = new HeaderWriter('fragment', size)
    header.u8(0, 'nextHeader', fields.nextHeader ?? protocolOf(following, IpProtocol.NoNextHeader))
    const units = header.integer('fragmentOffset', fields.fragmentOffset ?? 0, 13, 8)
    header.u16(2, 'fragmentOffset', (units << 3) | (fields.moreFragments ? 1 : 0))
    header.u32(4, 'identification', fields.identification ?? 0)
    return header.bytes
  },
  decode({ view, offset, end }) {
    if (end - offset < size) return undefined
    const fragmentOffset = view.getUint16(offset + 2) & 0xfff8
    const moreFragments = (view.getUint16(offset + 2) & 1) !== 0
    const nextHeader = view.getUint8(offset)
    const identification = view.getUint32(offset + 4)
    return {
      layer: { layer: 'fragment', offset, size, fragmentOffset, moreFragments, identification, nextHeader },
      next: fragmentOffset === 0 ? layerOfProtocol(nextHeader, 6) : undefined,
      fragment: moreFragments || fragmentOffset > 0,
    }
  },
}
