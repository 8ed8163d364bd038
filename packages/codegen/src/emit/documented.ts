import { printDeclaration } from '../c-declaration.js'
import { isPacked } from '../shape/alignment.js'
import type { EnumShape, RecordShape } from '../shape/shape.js'
import type { Context } from './context.js'

/** A comment that shows how the C declares a type. */
export function documented(context: Context, shape: EnumShape | RecordShape): string {
  const lines = printDeclaration(context.btf, shape.id, shape.kind !== 'enum' && isPacked(shape)).split('\n')
  // What ends a comment cannot stand in a C name, but it can in a file that somebody made up.
  const body = lines.map((text) => ` * ${text.replaceAll('*/', '*\\/')}`.trimEnd())
  return ['/**', ' * ```c', ...body, ' * ```', ' */', ''].join('\n')
}
