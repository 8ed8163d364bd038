import type { Btf } from '../btf/btf.js'
import type { EnumShape, RecordShape } from '../shape/shape.js'
import type { Imports } from './imports.js'

/** What the parts of one module share. */
export interface Context {
  readonly btf: Btf
  readonly imports: Imports
  /** the TypeScript name of a type that the module declares */
  nameOf(shape: RecordShape | EnumShape): string
}
