import { ObjectFormatError } from '../errors.js'
import { readBtfTypes } from './reader.js'
import type { BtfType, TypeId } from './types.js'

/** A type without its qualifiers and typedefs, and what was taken off. */
export interface Resolved {
  readonly id: TypeId
  readonly type: BtfType
  /** names it goes by, the outermost first */
  readonly typedefs: readonly string[]
  readonly isVolatile: boolean
}

/** The types of one object file. */
export class Btf {
  readonly types: readonly BtfType[]

  constructor(section: Uint8Array) {
    this.types = readBtfTypes(section)
  }

  type(id: TypeId): BtfType {
    const type = this.types[id]
    if (type !== undefined) return type
    throw new ObjectFormatError(
      `section .BTF is broken: type ${id} is asked for, and it has ${this.types.length} types`,
    )
  }

  resolve(id: TypeId): Resolved {
    const typedefs: string[] = []
    let isVolatile = false
    let at = id
    // A chain longer than the table is a circle, which only a broken file has.
    for (let steps = 0; steps <= this.types.length; steps++) {
      const type = this.type(at)
      if (type.kind === 'typedef') typedefs.push(type.name)
      else if (type.kind === 'volatile') isVolatile = true
      else if (type.kind !== 'const' && type.kind !== 'restrict' && type.kind !== 'type_tag') {
        return { id: at, type, typedefs, isVolatile }
      }
      at = type.type
    }
    throw new ObjectFormatError(`section .BTF is broken: type ${id} stands for itself`)
  }

  /** Bytes; undefined for what has no size (void, functions, forward declarations). */
  sizeOf(id: TypeId): number | undefined {
    const { type } = this.resolve(id)
    switch (type.kind) {
      case 'int':
      case 'float':
      case 'struct':
      case 'union':
      case 'enum':
        return type.size
      case 'pointer':
        return 8
      case 'array': {
        const { element, dimensions } = this.flatten(id)
        const size = this.sizeOf(element)
        return size === undefined ? undefined : dimensions.reduce((product, length) => product * length, size)
      }
      default:
        return undefined
    }
  }

  /** The element of an array of arrays, and the length of each dimension; a type that is no array has no dimension. */
  flatten(id: TypeId): { element: TypeId; dimensions: readonly number[] } {
    const dimensions: number[] = []
    let element = id
    while (dimensions.length <= maxDepth) {
      const { type } = this.resolve(element)
      if (type.kind !== 'array') return { element, dimensions }
      element = type.element
      dimensions.push(type.length)
    }
    throw new ObjectFormatError(`section .BTF is broken: type ${id} is an array of more than ${maxDepth} dimensions`)
  }
}

/** As the kernel's own limit for the depth of types. */
export const maxDepth = 32
