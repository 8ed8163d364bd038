import { ArgumentError } from '../../errors/index.js'
import { HeaderWriter } from '../header-writer.js'
import { IpProtocol } from '../numbers.js'
import { extensionUnits } from './extension-length.js'
import type { Fields, LayerCodec, LayerPosition } from './layer.js'
import { bigEndian } from './option-list.js'
import { layerOfProtocol, protocolOf } from './protocols.js'

/**
 * An option of a hop-by-hop or destination options header (RFC 8200 4.2, RFC 2711, RFC 2675). `raw` is bytes that make no
 * option, and may be used to write such.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const unknown = { option: 'unknown', type: 0x3e, data: new Uint8Array(4) } as const
 * const odd = packet().ipv6().destinationOptions({ options: [unknown] }).udp()
 * ```
 */
export type Ipv6Option =
  | { readonly option: 'pad1' }
  /** `length` bytes of zeroes after type and length */
  | { readonly option: 'padN'; readonly length: number }
  | { readonly option: 'routerAlert'; readonly value: number }
  | { readonly option: 'jumboPayload'; readonly length: number }
  | { readonly option: 'unknown'; readonly type: number; readonly data: Uint8Array }
  | { readonly option: 'raw'; readonly data: Uint8Array }

interface OptionsHeader extends LayerPosition {
  /** in order, padding included; when written, padding is added where it lacks */
  readonly options: readonly Ipv6Option[]
  /** default: by the next layer */
  readonly nextHeader: number
  /** bytes as the header has it, a multiple of 8 from 8 to 2048; default: the real one */
  readonly headerLength: number
}

/** A hop-by-hop options header (RFC 8200 4.3). */
export interface HopByHopLayer extends OptionsHeader {
  readonly layer: 'hopByHop'
}

/** A destination options header (RFC 8200 4.6). */
export interface DestinationOptionsLayer extends OptionsHeader {
  readonly layer: 'destinationOptions'
}

/**
 * What {@link Packet.hopByHop} and {@link Packet.destinationOptions} take.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const report = packet().ethernet().ipv6().hopByHop({ options: [{ option: 'routerAlert', value: 0 }] }).icmpv6({ type: 143 })
 * ```
 */
export interface Ipv6OptionsFields extends Fields<OptionsHeader> {}

function optionsCodec<L extends HopByHopLayer | DestinationOptionsLayer>(
  name: L['layer'],
): LayerCodec<Ipv6OptionsFields, L> {
  return {
    encode({ options = [], nextHeader, headerLength }, { following }) {
      const bytes = encodeOptions(options, `${name}.options`)
      const header = new HeaderWriter(name, 2 + bytes.length)
      header.u8(0, 'nextHeader', nextHeader ?? protocolOf(following, IpProtocol.NoNextHeader))
      header.u8(1, 'headerLength', extensionUnits(name, headerLength ?? header.bytes.length))
      header.bytes.set(bytes, 2)
      return header.bytes
    },
    decode({ bytes, view, offset, end }) {
      if (end - offset < 8) return undefined
      const size = view.getUint8(offset + 1) * 8 + 8
      if (end - offset < size) return undefined
      const nextHeader = view.getUint8(offset)
      const options = decodeOptions(bytes.slice(offset + 2, offset + size))
      const layer = { layer: name, offset, size, options, nextHeader, headerLength: size } as L
      return { layer, next: layerOfProtocol(nextHeader, 6) }
    },
  }
}

export const hopByHop = optionsCodec<HopByHopLayer>('hopByHop')
export const destinationOptions = optionsCodec<DestinationOptionsLayer>('destinationOptions')

function encodeOptions(options: readonly Ipv6Option[], argument: string): Uint8Array {
  const bytes = options.flatMap((option, index) => encode(option, `${argument}[${index}]`))
  const padding = 7 - ((bytes.length + 1) % 8)
  if (padding === 1) bytes.push(0)
  if (padding > 1) bytes.push(...encode({ option: 'padN', length: padding - 2 }, argument))
  if (bytes.length > 2046) throw new ArgumentError(argument, options, 'at most 2046 bytes of options')
  return Uint8Array.from(bytes)
}

function encode(option: Ipv6Option, argument: string): number[] {
  const tlv = (type: number, data: Iterable<number>) => {
    const content = [...data]
    return [...bigEndian(argument, type, 1), ...bigEndian(argument, content.length, 1), ...content]
  }
  switch (option.option) {
    case 'pad1':
      return [0]
    case 'padN':
      return [1, ...bigEndian(`${argument}.length`, option.length, 1), ...new Uint8Array(option.length)]
    case 'routerAlert':
      return tlv(5, bigEndian(`${argument}.value`, option.value, 2))
    case 'jumboPayload':
      return tlv(0xc2, bigEndian(`${argument}.length`, option.length, 4))
    case 'unknown':
      return tlv(option.type, option.data)
    case 'raw':
      return [...option.data]
  }
}

function decodeOptions(bytes: Uint8Array): readonly Ipv6Option[] {
  const options: Ipv6Option[] = []
  for (let at = 0; at < bytes.length; ) {
    const type = bytes[at] ?? 0
    const length = type === 0 ? -1 : (bytes[at + 1] ?? 256)
    if (at + 2 + length > bytes.length) {
      options.push({ option: 'raw', data: bytes.slice(at) })
      break
    }
    options.push(decode(type, bytes.slice(at + 2, at + 2 + length)))
    at += 2 + length
  }
  return options
}

function decode(type: number, data: Uint8Array): Ipv6Option {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  if (type === 0) return { option: 'pad1' }
  if (type === 1 && data.every((it) => it === 0)) return { option: 'padN', length: data.length }
  if (type === 5 && data.length === 2) return { option: 'routerAlert', value: view.getUint16(0) }
  if (type === 0xc2 && data.length === 4) return { option: 'jumboPayload', length: view.getUint32(0) }
  return { option: 'unknown', type, data }
}
