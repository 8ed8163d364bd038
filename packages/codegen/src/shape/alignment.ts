import { scalars } from './scalars.js'
import { type Field, fieldsOf, type RecordShape, type Shape, type UnionPart } from './shape.js'

/** Bytes that a type's place in memory is a multiple of. */
export function alignmentOf(shape: Shape): number {
  switch (shape.kind) {
    case 'scalar':
      return scalars[shape.name].alignment
    case 'enum':
      return shape.size
    case 'array':
      return alignmentOf(shape.element)
    case 'struct':
    case 'union':
      return shape.alignment
    default:
      return 1
  }
}

/**
 * BTF does not tell how a struct was aligned, so it is taken to be as its fields ask, and to be packed, which is an alignment of
 * 1, when one of them does not lie as it asks.
 */
export function recordAlignment(parts: readonly (Field | UnionPart)[], size: number): number {
  const fields = fieldsOf({ parts })
  const alignments = fields.map(({ shape }) => alignmentOf(shape))
  const isAligned = fields.every(({ offset, bitField }, index) => {
    const alignment = alignments[index] ?? 1
    return size % alignment === 0 && (bitField !== undefined || offset % alignment === 0)
  })
  return isAligned ? Math.max(...alignments) : 1
}

export function isPacked(record: RecordShape): boolean {
  return record.alignment === 1 && fieldsOf(record).some(({ shape }) => alignmentOf(shape) > 1)
}
