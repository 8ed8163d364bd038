import { bitFieldOf } from './btf/bit-field.js'
import { type Btf, maxDepth } from './btf/btf.js'
import type { BtfMember, BtfRecord, TypeId } from './btf/types.js'
import { ObjectFormatError } from './errors.js'

/** More than any program has: a broken file could make us write without end. */
const maxFields = 20_000

/**
 * The layout of a type, flattened, in the notation of `Codec.layout` in `@millrace/core`, which reads the same lines out of
 * an object by libbpf when it is loaded.
 */
export function layoutOf(btf: Btf, id: TypeId): string[] {
  const lines = new LayoutLines(btf)
  lines.addType(id, '*', 0, 0)
  return [`size ${btf.sizeOf(id) ?? 0}`, ...lines.lines]
}

class LayoutLines {
  readonly lines: string[] = []
  readonly #btf: Btf
  #fields = 0

  constructor(btf: Btf) {
    this.#btf = btf
  }

  /** `offset` counts bits. */
  addType(id: TypeId, path: string, offset: number, depth: number): void {
    const { element, dimensions } = this.#btf.flatten(id)
    const indexed = path + dimensions.map((length) => `[${length}]`).join('')
    const { type } = this.#btf.resolve(element)
    if (type.kind !== 'struct' && type.kind !== 'union') {
      this.lines.push(`${indexed} ${leafType(this.#btf, element)} @${offset}`)
      return
    }
    if (dimensions.length > 0) this.lines.push(`${indexed} struct${type.size} @${offset}`)
    this.#addMembers(type, indexed === '*' ? '' : `${indexed}.`, offset, depth + 1)
  }

  #addMembers(record: BtfRecord, prefix: string, start: number, depth: number): void {
    if (depth > maxDepth) throw new ObjectFormatError(`a type is too large: it goes deeper than ${maxDepth} structs`)
    for (const member of record.members) {
      if (++this.#fields > maxFields)
        throw new ObjectFormatError(`a type is too large: it has more than ${maxFields} fields`)
      this.#addMember(member, prefix, start, depth)
    }
  }

  #addMember(member: BtfMember, prefix: string, start: number, depth: number): void {
    const bitField = bitFieldOf(this.#btf, member)
    if (bitField !== undefined) {
      const { isSigned, bits, offset } = bitField
      this.lines.push(`${prefix}${member.name} ${isSigned ? 'i' : 'u'}${bits} @${start + offset}`)
      return
    }
    const { type } = this.#btf.resolve(member.type)
    if (member.name === '' && (type.kind === 'struct' || type.kind === 'union')) {
      this.#addMembers(type, prefix, start + member.offset, depth + 1)
    } else {
      this.addType(member.type, prefix + member.name, start + member.offset, depth)
    }
  }
}

function leafType(btf: Btf, id: TypeId): string {
  const { type, typedefs } = btf.resolve(id)
  switch (type.kind) {
    case 'int':
      if (type.isBool) return 'bool8'
      return bigEndianOf(typedefs) ?? `${type.isSigned ? 'i' : 'u'}${type.size * 8}`
    case 'enum':
      return `${type.isSigned ? 'i' : 'u'}${type.size * 8}`
    case 'float':
      return `f${type.size * 8}`
    case 'pointer':
      return 'ptr64'
    default:
      return type.kind
  }
}

/** `be32` for a type that goes by the name `__be32`. */
export function bigEndianOf(typedefs: readonly string[]): string | undefined {
  return typedefs.find((name) => /^__be(16|32|64)$/.test(name))?.slice(2)
}
