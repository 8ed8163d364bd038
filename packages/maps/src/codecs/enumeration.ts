import type { Codec } from '@millrace/core'
import { checkOneOf, checkOptions } from '@millrace/core/internal'
import { reject, rejectInside } from '../codec/reject.js'
import { i8, i16, i32, u8, u16, u32 } from './scalars.js'

const integers = { 1: [u8, i8], 2: [u16, i16], 4: [u32, i32] } as const

/** How wide an {@link enumeration} is. */
export interface EnumerationOptions {
  /** bytes; 4, as a C `enum` has, by default. Narrower ones stand for an integer field that holds the enum's values. */
  readonly size?: 1 | 2 | 4 | undefined
}

/**
 * A C `enum`: its values as numbers of a literal type, in the shape that `bpf2ts` writes enums in. A value that is not
 * among them is refused when it is written; when read it comes as it is, as a newer program may know more of them.
 *
 * @param values - number by name
 * @throws {@link ArgumentError} for no values, or one that does not fit into `size`
 *
 * @example
 * ```ts
 * import { enumeration, HashMap, type Infer, ipv4 } from '@millrace/maps'
 *
 * const Verdict = { Pass: 0, Drop: 1 } as const
 * const verdict = enumeration(Verdict)
 * type Verdict = Infer<typeof verdict>                      // 0 | 1
 *
 * using verdicts = HashMap.create({ name: 'verdicts', key: ipv4, value: verdict, maxEntries: 1024 })
 * verdicts.set('192.0.2.1', Verdict.Drop)
 * ```
 */
export function enumeration<const V extends Readonly<Record<string, number>>>(
  values: V,
  options: EnumerationOptions = {},
): Codec<V[keyof V]> {
  checkOptions('options', options, ['size'])
  if (typeof values !== 'object' || values === null) reject('values', values, 'an object of numbers by their names')
  const names = Object.keys(values)
  const known = new Set<unknown>(Object.values(values))
  const isSigned = Object.values(values).some((value) => value < 0)
  const integer = integerOf(options.size ?? 4, isSigned)
  if (names.length === 0) reject('values', values, 'at least one value')
  for (const name of names) tryEncode(integer, name, values[name] as number)
  const expected = `one of ${names.map((name) => `${values[name]} (${name})`).join(', ')}`
  return {
    size: integer.size,
    alignment: integer.alignment,
    layout: integer.layout,
    encode(value, view, offset) {
      if (!known.has(value)) reject('', value, expected)
      integer.encode(value, view, offset)
    },
    decode: (view, offset) => integer.decode(view, offset) as V[keyof V],
  }
}

function integerOf(size: number, isSigned: boolean): Codec<number> {
  const [unsigned, signed] = integers[checkOneOf('options.size', String(size), ['1', '2', '4'])]
  return isSigned ? signed : unsigned
}

function tryEncode(integer: Codec<number>, name: string, value: number): void {
  try {
    integer.encode(value, new DataView(new ArrayBuffer(4)), 0)
  } catch (error) {
    rejectInside(error, `values.${name}`)
  }
}
