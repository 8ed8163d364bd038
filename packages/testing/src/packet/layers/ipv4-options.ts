import { getIpv4, putIpv4 } from '../../address/index.js'
import { bigEndian, type CommonOption, decodeOptionList, encodeOptionList, type TypeAndData } from './option-list.js'

/**
 * An option of an IPv4 header (RFC 791, RFC 2113). `unknown` has any type and data; `raw` is bytes that make no option, and may be
 * used to write such.
 *
 * @example
 * ```ts
 * import { packet } from '@millrace/testing'
 *
 * const room = { option: 'recordRoute', pointer: 4, addresses: ['0.0.0.0', '0.0.0.0'] } as const
 * const recorded = packet().ipv4({ options: [room] }).udp()
 * const nonsense = packet().ipv4({ options: [{ option: 'raw', data: Uint8Array.of(7, 255, 0) }] }).udp()
 * ```
 */
export type Ipv4Option =
  | CommonOption
  | { readonly option: 'routerAlert'; readonly value: number }
  | {
      readonly option: 'recordRoute' | 'looseSourceRoute' | 'strictSourceRoute'
      /** where the next address goes, counted from the option's first byte as 1 */
      readonly pointer: number
      readonly addresses: readonly string[]
    }
  | { readonly option: 'unknown'; readonly type: number; readonly data: Uint8Array }

const routeTypes = { recordRoute: 7, looseSourceRoute: 131, strictSourceRoute: 137 } as const
const routerAlert = 148

export function encodeIpv4Options(options: readonly Ipv4Option[]): Uint8Array {
  return encodeOptionList<Ipv4Option>('ipv4', options, encode)
}

export function decodeIpv4Options(bytes: Uint8Array): readonly Ipv4Option[] {
  return decodeOptionList(bytes, decode)
}

function encode(option: Exclude<Ipv4Option, CommonOption>, argument: string): TypeAndData {
  if (option.option === 'routerAlert') return [routerAlert, bigEndian(`${argument}.value`, option.value, 2)]
  if (option.option === 'unknown') return [option.type, option.data]
  const addresses = new Uint8Array(option.addresses.length * 4)
  for (const [index, it] of option.addresses.entries()) {
    putIpv4(addresses, index * 4, it, `${argument}.addresses[${index}]`)
  }
  return [routeTypes[option.option], [...bigEndian(`${argument}.pointer`, option.pointer, 1), ...addresses]]
}

function decode(type: number, data: Uint8Array): Ipv4Option {
  if (type === routerAlert && data.length === 2)
    return { option: 'routerAlert', value: ((data[0] ?? 0) << 8) | (data[1] ?? 0) }
  for (const [option, number] of Object.entries(routeTypes) as [keyof typeof routeTypes, number][]) {
    if (type !== number || data.length % 4 !== 1) continue
    const addresses = Array.from({ length: (data.length - 1) / 4 }, (_, index) => getIpv4(data, 1 + index * 4))
    return { option, pointer: data[0] ?? 0, addresses }
  }
  return { option: 'unknown', type, data }
}
