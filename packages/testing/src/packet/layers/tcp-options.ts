import { bigEndian, type CommonOption, decodeOptionList, encodeOptionList, type TypeAndData } from './option-list.js'

/**
 * An option of a TCP header (RFC 9293, RFC 7323, RFC 2018, RFC 7413). `unknown` has any kind and data; `raw` is bytes that make
 * no option, and may be used to write such.
 *
 * @example
 * ```ts
 * import { packet, type TcpOption } from '@millrace/testing'
 *
 * const options: TcpOption[] = [
 *   { option: 'mss', value: 1460 },
 *   { option: 'sackPermitted' },
 *   { option: 'timestamps', value: 1, echo: 0 },
 *   { option: 'nop' },
 *   { option: 'windowScale', shift: 7 },
 * ]
 * const syn = packet().ipv4().tcp({ syn: true, options })
 * ```
 */
export type TcpOption =
  | CommonOption
  /** maximum segment size in bytes */
  | { readonly option: 'mss'; readonly value: number }
  | { readonly option: 'windowScale'; readonly shift: number }
  | { readonly option: 'sackPermitted' }
  /** sequence numbers, the right edges not included */
  | { readonly option: 'sack'; readonly blocks: readonly (readonly [left: number, right: number])[] }
  | { readonly option: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly option: 'fastOpen'; readonly cookie: Uint8Array }
  | { readonly option: 'unknown'; readonly kind: number; readonly data: Uint8Array }

export function encodeTcpOptions(options: readonly TcpOption[]): Uint8Array {
  return encodeOptionList<TcpOption>('tcp', options, encode)
}

export function decodeTcpOptions(bytes: Uint8Array): readonly TcpOption[] {
  return decodeOptionList(bytes, decode)
}

function encode(option: Exclude<TcpOption, CommonOption>, argument: string): TypeAndData {
  const u32 = (value: number) => bigEndian(argument, value, 4)
  switch (option.option) {
    case 'mss':
      return [2, bigEndian(`${argument}.value`, option.value, 2)]
    case 'windowScale':
      return [3, bigEndian(`${argument}.shift`, option.shift, 1)]
    case 'sackPermitted':
      return [4, []]
    case 'sack':
      return [5, option.blocks.flat().flatMap(u32)]
    case 'timestamps':
      return [8, [option.value, option.echo].flatMap(u32)]
    case 'fastOpen':
      return [34, option.cookie]
    case 'unknown':
      return [option.kind, option.data]
  }
}

function decode(kind: number, data: Uint8Array): TcpOption {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const { length } = data
  if (kind === 2 && length === 2) return { option: 'mss', value: view.getUint16(0) }
  if (kind === 3 && length === 1) return { option: 'windowScale', shift: view.getUint8(0) }
  if (kind === 4 && length === 0) return { option: 'sackPermitted' }
  if (kind === 5 && length % 8 === 0) {
    const block = (_: unknown, index: number) => [view.getUint32(index * 8), view.getUint32(index * 8 + 4)] as const
    return { option: 'sack', blocks: Array.from({ length: length / 8 }, block) }
  }
  if (kind === 8 && length === 8) return { option: 'timestamps', value: view.getUint32(0), echo: view.getUint32(4) }
  if (kind === 34) return { option: 'fastOpen', cookie: data }
  return { option: 'unknown', kind, data }
}
