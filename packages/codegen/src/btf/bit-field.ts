import type { Btf } from './btf.js'
import type { BtfMember } from './types.js'

/** Where a bit-field lies, in little-endian bit order: bit 0 is the least significant bit of the first byte. */
export interface BitField {
  /** bits from the start of the struct */
  readonly offset: number
  readonly bits: number
  readonly isSigned: boolean
}

/**
 * A member as a bit-field, undefined when it is none. BTF has two forms: clang's, with the width in the member, and an
 * older one with the width, and a shift, in an integer type made for it.
 */
export function bitFieldOf(btf: Btf, member: BtfMember): BitField | undefined {
  const { type } = btf.resolve(member.type)
  const isSigned = (type.kind === 'int' || type.kind === 'enum') && type.isSigned
  if (member.bits > 0) return { offset: member.offset, bits: member.bits, isSigned }
  if (type.kind !== 'int' || (type.bits === type.size * 8 && type.bitOffset === 0)) return undefined
  return { offset: member.offset + type.bitOffset, bits: type.bits, isSigned }
}
