import { type BitField, bitFieldOf } from '../btf/bit-field.js'
import { type Btf, maxDepth } from '../btf/btf.js'
import type { BtfMember, BtfRecord, TypeId } from '../btf/types.js'
import { ObjectFormatError, UnsupportedError } from '../errors.js'
import { camelCase, refuseCollisions } from '../names.js'
import { kernelStructs } from './kernel-structs.js'
import type { Place } from './place.js'
import { scalars } from './scalars.js'
import { type Field, fieldsOf, type Shape, type UnionPart } from './shape.js'

/** More than any struct of a program has: a broken file could make us read without end. */
const maxMembers = 20_000

/** What a struct or union is made of. Members of anonymous structs and unions become its own, as in C. */
export function readParts(
  btf: Btf,
  record: BtfRecord,
  name: string,
  shapeOf: (type: TypeId, place: Place) => Shape,
): (Field | UnionPart)[] {
  const reader = new PartReader(btf, record, name, shapeOf)
  const parts = reader.parts(record, 0, 0)
  if (reader.names.length === 0) {
    throw new UnsupportedError({
      subject: `${record.kind} ${name}`,
      problem: 'has no member that user space could see',
      instead: 'Give it one, or use an integer in its place.',
    })
  }
  refuseCollisions(reader.names, `${record.kind} ${name}`)
  return parts
}

class PartReader {
  /** of the fields, in C */
  readonly names: string[] = []
  readonly #btf: Btf
  readonly #record: BtfRecord
  readonly #name: string
  readonly #shapeOf: (type: TypeId, place: Place) => Shape
  #members = 0

  constructor(btf: Btf, record: BtfRecord, name: string, shapeOf: (type: TypeId, place: Place) => Shape) {
    this.#btf = btf
    this.#record = record
    this.#name = name
    this.#shapeOf = shapeOf
  }

  /** `start` counts bits, from the start of the struct that is read to `record`, which is it or an anonymous one in it. */
  parts(record: BtfRecord, start: number, depth: number): (Field | UnionPart)[] {
    if (depth > maxDepth) throw this.#broken('nests too deep')
    const parts = record.members.flatMap((member) => this.#part(member, start + member.offset, start, depth))
    if (record.kind === 'struct') return parts
    if (start % 8 !== 0 || start / 8 + record.size > this.#record.size)
      throw this.#broken('does not hold its anonymous union')
    return [{ kind: 'union', offset: start / 8, size: record.size, fields: fieldsOf({ parts }) }]
  }

  #part(member: BtfMember, offset: number, start: number, depth: number): (Field | UnionPart)[] {
    if (++this.#members > maxMembers) throw this.#broken(`has more than ${maxMembers} members`)
    const { type } = this.#btf.resolve(member.type)
    const isRecord = type.kind === 'struct' || type.kind === 'union'
    if (isRecord && kernelStructs.has(type.name)) return []
    if (member.name === '') return isRecord ? this.parts(type, offset, depth + 1) : []

    const subject = `field ${member.name} of ${this.#record.kind} ${this.#name}`
    const shape = this.#shapeOf(member.type, { subject, name: `${this.#name}_${member.name}` })
    this.names.push(member.name)
    const name = camelCase(member.name)
    const bitField = bitFieldOf(this.#btf, member)
    if (bitField !== undefined)
      return [this.#bitField(name, shape, { ...bitField, offset: start + bitField.offset }, subject)]
    if (offset % 8 !== 0 || offset / 8 + shape.size > this.#record.size) throw this.#broken(`does not hold ${subject}`)
    return [{ kind: 'field', name, shape, offset: offset / 8, bitField: undefined }]
  }

  #bitField(name: string, shape: Shape, bitField: BitField, subject: string): Field {
    const { offset, bits } = bitField
    if (bits > 64) {
      throw new UnsupportedError({
        subject,
        problem: `is a bit-field of ${bits} bits`,
        instead: 'Bit-fields have up to 64 bits here; use an __int128 without a width.',
      })
    }
    const isInteger = shape.kind === 'enum' || (shape.kind === 'scalar' && scalars[shape.name].isInteger)
    if (!isInteger || bits === 0 || offset + bits > this.#record.size * 8)
      throw this.#broken(`does not hold ${subject}`)
    return { kind: 'field', name, shape, offset: Math.floor(offset / 8), bitField }
  }

  #broken(problem: string): ObjectFormatError {
    return new ObjectFormatError(`section .BTF is broken: ${this.#record.kind} ${this.#name} ${problem}`)
  }
}
