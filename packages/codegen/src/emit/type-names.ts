import { type NameTable, pascalCase } from '../names.js'
import type { EnumShape, RecordShape } from '../shape/shape.js'

type NamedShape = EnumShape | RecordShape

/** Which type keeps its name when two want the same. */
const order: readonly NamedShape['kind'][] = ['struct', 'union', 'enum']

/**
 * Gives types their names: `struct flow` is Flow. Where that is taken, by `struct flow` for `enum flow`, the kind is added:
 * FlowEnum. Which one yields depends on what they are and on their order in the C, never on who uses them.
 */
export function nameTypes(shapes: readonly NamedShape[], table: NameTable): ReadonlyMap<NamedShape, string> {
  const sorted = [...shapes].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.id - b.id)
  return new Map(sorted.map((shape) => [shape, table.claim(pascalCase(shape.name), pascalCase(shape.kind))]))
}
