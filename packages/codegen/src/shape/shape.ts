import type { BitField } from '../btf/bit-field.js'
import type { TypeId } from '../btf/types.js'
import type { ScalarName } from './scalars.js'

/** A C type as user space sees it. */
export type Shape = ScalarShape | StringShape | BytesShape | ArrayShape | EnumShape | RecordShape

export interface ScalarShape {
  readonly kind: 'scalar'
  readonly name: ScalarName
  /** bytes */
  readonly size: number
}

/** `char[size]` */
export interface StringShape {
  readonly kind: 'string'
  readonly size: number
}

/** `__u8[size]` */
export interface BytesShape {
  readonly kind: 'bytes'
  readonly size: number
}

/** Of one dimension: `int[2][3]` is an array of two arrays. */
export interface ArrayShape {
  readonly kind: 'array'
  readonly size: number
  readonly element: Shape
  readonly length: number
}

/** A type that the module declares by a name. */
interface NamedShape {
  readonly id: TypeId
  /** in C, or made of what it is the type of when anonymous there */
  readonly name: string
}

export interface EnumShape extends NamedShape {
  readonly kind: 'enum'
  readonly size: 1 | 2 | 4 | 8
  readonly isSigned: boolean
  readonly values: readonly { readonly name: string; readonly value: bigint }[]
}

/** A struct or a union. */
export interface RecordShape extends NamedShape {
  readonly kind: 'struct' | 'union'
  readonly size: number
  /** bytes */
  readonly alignment: number
  /** in order of declaration; a union is one {@link UnionPart} */
  readonly parts: readonly (Field | UnionPart)[]
}

export interface Field {
  readonly kind: 'field'
  /** in TypeScript */
  readonly name: string
  readonly shape: Shape
  /** bytes from the start of the record; of a bit-field, of the first byte that it has bits in */
  readonly offset: number
  readonly bitField: BitField | undefined
}

/** Fields that share their bytes: those of an anonymous union, or of a named one. */
export interface UnionPart {
  readonly kind: 'union'
  readonly offset: number
  readonly size: number
  readonly fields: readonly Field[]
}

/** The fields of a record as its users see them. */
export function fieldsOf({ parts }: Pick<RecordShape, 'parts'>): Field[] {
  return parts.flatMap((part) => (part.kind === 'union' ? part.fields : [part]))
}
