import { typedClasses } from '../object/map-kinds.js'
import { scalars } from '../shape/scalars.js'
import { line, object } from './code.js'

/** Packages that generated modules import from, in the order of their import lines. */
const packages = ['@millrace/core', '@millrace/maps', '@millrace/maps/codec'] as const

type Package = (typeof packages)[number]

/** What a module imports: only what it uses. */
export class Imports {
  readonly #names = new Map<Package, Set<string>>()

  /** The name, noted. `type Codec` imports a type. */
  use(from: Package, name: string): string {
    const names = this.#names.get(from) ?? new Set()
    this.#names.set(from, names.add(name))
    return name.replace(/^type /, '')
  }

  helper(name: string): string {
    return this.use('@millrace/maps/codec', name)
  }

  map(name: string): string {
    return this.use('@millrace/maps', name)
  }

  print(): string {
    return packages
      .flatMap((from) => {
        const names = [...(this.#names.get(from) ?? [])].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
        return names.length === 0 ? [] : [line(0, 'import ', object(names), ` from '${from}'`)]
      })
      .join('')
  }
}

/** Sorts as Biome does: u8 before u16, and of letters that differ by their case only the capital first. */
function sortKey(name: string): string {
  return name
    .replace(/^type /, '')
    .replace(/\d+/g, (digits) => digits.padStart(8, '0'))
    .replace(/[A-Za-z]/g, (letter) => letter.toLowerCase() + letter)
}

/** Every name that a module may import; none of them may name a type or an object. */
export const importableNames: readonly string[] = [
  ...['Codec', 'defineObject', 'UnionMember', 'array', 'bytes', 'string'],
  ...typedClasses,
  ...Object.keys(scalars),
  ...Object.values(scalars).map((scalar) => scalar.put),
  ...[
    'bitField',
    'putBits',
    'putSignedBits',
    'getBits',
    'getSignedBits',
    'getBigBits',
    'getSignedBigBits',
    'getU128',
    'getI128',
  ],
  ...['getBool', 'getIpv4', 'getIpv6', 'getMac', 'putString', 'getString', 'putBytes', 'getBytes', 'putArray'],
  ...['getArray', 'putStruct', 'putUnion', 'zero'],
]
