import { type Btf, maxDepth, type Resolved } from '../btf/btf.js'
import type { BtfEnum, BtfRecord, TypeId } from '../btf/types.js'
import { ObjectFormatError } from '../errors.js'
import { recordAlignment } from './alignment.js'
import { readParts } from './parts.js'
import type { Place } from './place.js'
import { refusalOf, unboundedRefusal } from './refusal.js'
import { scalarOf } from './scalar-of.js'
import type { EnumShape, RecordShape, Shape } from './shape.js'

const enumSizes = [1, 2, 4, 8] as const

/** Makes shapes of BTF types, and refuses what has none. */
export class ShapeBuilder {
  readonly #btf: Btf
  readonly #named = new Map<TypeId, RecordShape | EnumShape>()
  readonly #open = new Set<TypeId>()

  constructor(btf: Btf) {
    this.#btf = btf
  }

  /** Structs, unions and enums that were met, each after those that it is made of. */
  get named(): readonly (RecordShape | EnumShape)[] {
    return [...this.#named.values()]
  }

  shapeOf(id: TypeId, place: Place): Shape {
    const { element, dimensions } = this.#btf.flatten(id)
    if (dimensions.length > 0) return this.#array(element, dimensions, place)
    const resolved = this.#btf.resolve(id)
    const scalar = scalarOf(resolved)
    if (scalar !== undefined) return scalar
    const { type } = resolved
    if (type.kind === 'enum') return this.#enum(resolved, type, place)
    if (type.kind === 'struct' || type.kind === 'union') return this.#record(resolved, type, place)
    throw refusalOf(resolved, place)
  }

  #array(element: TypeId, dimensions: readonly number[], place: Place): Shape {
    if (dimensions.includes(0)) throw unboundedRefusal(place)
    const { type } = this.#btf.resolve(element)
    const isByte = type.kind === 'int' && type.size === 1 && !type.isBool
    const last = dimensions.at(-1) ?? 0
    const rest = dimensions.slice(0, -1)
    if (isByte && type.name === 'char') return nest({ kind: 'string', size: last }, rest)
    if (isByte && !type.isSigned) return nest({ kind: 'bytes', size: last }, rest)
    return nest(this.shapeOf(element, place), dimensions)
  }

  #enum({ id, typedefs }: Resolved, type: BtfEnum, place: Place): EnumShape {
    const known = this.#named.get(id)
    if (known?.kind === 'enum') return known
    const { isSigned, values } = type
    const size = enumSizes.find((candidate) => candidate === type.size)
    if (size === undefined) {
      throw new ObjectFormatError(`section .BTF is broken: ${place.subject} is an enum of ${type.size} bytes`)
    }
    const shape: EnumShape = { kind: 'enum', id, name: nameOf(type.name, typedefs, place), size, isSigned, values }
    this.#named.set(id, shape)
    return shape
  }

  #record({ id, typedefs }: Resolved, type: BtfRecord, place: Place): RecordShape {
    const known = this.#named.get(id)
    if (known !== undefined && known.kind !== 'enum') return known
    if (this.#open.has(id) || this.#open.size > maxDepth) {
      throw new ObjectFormatError(`section .BTF is broken: ${place.subject} contains itself, or structs nest too deep`)
    }
    this.#open.add(id)
    const name = nameOf(type.name, typedefs, place)
    const parts = readParts(this.#btf, type, name, (member, where) => this.shapeOf(member, where))
    const alignment = recordAlignment(parts, type.size)
    const shape: RecordShape = { kind: type.kind, id, name, size: type.size, alignment, parts }
    this.#open.delete(id)
    this.#named.set(id, shape)
    return shape
  }
}

/** A struct without a name of its own goes by the typedef next to it, else by what it is the type of. */
function nameOf(name: string, typedefs: readonly string[], place: Place): string {
  if (name !== '') return name
  return typedefs.at(-1)?.replace(/_t$/, '') ?? place.name
}

function nest(innermost: Shape, dimensions: readonly number[]): Shape {
  return dimensions.reduceRight<Shape>(
    (element, length) => ({ kind: 'array', size: element.size * length, element, length }),
    innermost,
  )
}
