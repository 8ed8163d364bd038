import { ArgumentError } from '../../errors/index.js'

/** What the options of IPv4 and of TCP have in common. */
export type CommonOption =
  | { readonly option: 'end' }
  | { readonly option: 'nop' }
  | { readonly option: 'raw'; readonly data: Uint8Array }

/** An option's type and what follows its length. */
export type TypeAndData = readonly [type: number, data: Iterable<number>]

const end = 0
const nop = 1

/** Options of IPv4 and TCP are written alike: type, length, data; the length counts all three. Two have a type only. */
export function encodeOptionList<T extends { readonly option: string }>(
  layer: string,
  options: readonly (T | CommonOption)[],
  encode: (option: Exclude<T, CommonOption>, argument: string) => TypeAndData,
): Uint8Array {
  const bytes = options.flatMap((option, index) => {
    if (isCommon(option)) return option.option === 'raw' ? [...option.data] : [option.option === 'end' ? end : nop]
    const argument = `${layer}.options[${index}]`
    const [type, data] = encode(option as Exclude<T, CommonOption>, argument)
    const content = [...data]
    return [...bigEndian(argument, type, 1), ...bigEndian(argument, content.length + 2, 1), ...content]
  })
  while (bytes.length % 4 !== 0) bytes.push(end)
  if (bytes.length > 40) throw new ArgumentError(`${layer}.options`, options, 'at most 40 bytes of options')
  return Uint8Array.from(bytes)
}

export function decodeOptionList<T>(
  bytes: Uint8Array,
  decode: (type: number, data: Uint8Array) => T,
): (T | CommonOption)[] {
  const options: (T | CommonOption)[] = []
  for (let at = 0; at < bytes.length; ) {
    const type = bytes[at] ?? end
    if (type === end) {
      // What pads the header to a multiple of four is no option of its own.
      const isPadding = bytes.subarray(at).every((it) => it === 0)
      if (!isPadding) options.push({ option: 'end' }, { option: 'raw', data: bytes.slice(at + 1) })
      break
    }
    const length = type === nop ? 1 : (bytes[at + 1] ?? 0)
    if (type !== nop && (length < 2 || at + length > bytes.length)) {
      options.push({ option: 'raw', data: bytes.slice(at) })
      break
    }
    options.push(type === nop ? { option: 'nop' } : decode(type, bytes.slice(at + 2, at + length)))
    at += length
  }
  return options
}

/** The bytes of an integer that has to fit. */
export function bigEndian(argument: string, value: number, size: number): number[] {
  const most = 2 ** (8 * size) - 1
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new ArgumentError(argument, value, `an integer from 0 to ${most}`)
  }
  return Array.from({ length: size }, (_, index) => (value >>> (8 * (size - 1 - index))) & 0xff)
}

function isCommon(option: { readonly option: string }): option is CommonOption {
  return ['end', 'nop', 'raw'].includes(option.option)
}
