import { zero } from './memory.js'
import { reject } from './reject.js'

/** A member of a union: its TypeScript name, and what writes it from the union's value. */
export type UnionMember = readonly [name: string, put: (view: DataView, offset: number) => void]

/**
 * Writes a union of `size` bytes from an object that has one of its members, or several that agree on every bit that
 * more than one of them holds: what a decoder returns can be encoded again. Throws {@link ArgumentError} with `path`
 * for no member and for members that contradict each other.
 */
export function putUnion(
  view: DataView,
  offset: number,
  size: number,
  value: object,
  members: readonly UnionMember[],
  path: string,
): void {
  if (typeof value !== 'object' || value === null) reject(path, value, oneOf(members))
  const given = members.filter(([name]) => (value as Record<string, unknown>)[name] !== undefined)
  const [first] = given
  if (!first) reject(path, value, oneOf(members))
  zero(view, offset, size)
  if (given.length === 1) first[1](view, offset)
  else putAgreeing(view, offset, size, value, given, path)
}

function oneOf(members: readonly UnionMember[]): string {
  return `an object with one of the members ${members.map(([name]) => name).join(', ')}`
}

/**
 * Each member is written once over zeroes and once over ones: the bits that come out the same are those that it holds,
 * so no table of sizes and paddings is needed.
 */
function putAgreeing(
  view: DataView,
  offset: number,
  size: number,
  value: object,
  given: readonly UnionMember[],
  path: string,
): void {
  const held = new Uint8Array(size)
  const overZeroes = new Uint8Array(size)
  const overOnes = new Uint8Array(size)
  for (const [name, put] of given) {
    put(new DataView(overZeroes.fill(0).buffer), 0)
    put(new DataView(overOnes.fill(0xff).buffer), 0)
    for (let i = 0; i < size; i++) {
      const bits = overZeroes[i] as number
      const holds = ~(bits ^ (overOnes[i] as number)) & 0xff
      const before = view.getUint8(offset + i)
      if ((held[i] as number) & holds & (bits ^ before)) {
        reject(path, value, `one member, or several of the same bytes; ${name} contradicts those before it`)
      }
      view.setUint8(offset + i, before | bits)
      held[i] = (held[i] as number) | holds
    }
  }
}
