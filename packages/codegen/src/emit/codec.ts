import type { TypeId } from '../btf/types.js'
import { layoutOf } from '../layout.js'
import { array, type Code, entry, line } from './code.js'
import type { Context } from './context.js'
import { quote } from './quote.js'

/** The parts of a codec that is written out. */
export interface CodecParts {
  /** `export const Flow` */
  readonly declaration: string
  /** what it is a codec of, in TypeScript */
  readonly type: string
  readonly typeId: TypeId
  readonly size: number
  readonly alignment: number
  /** lines of the body of encode(value, view, offset) */
  readonly encode: string
  /** what decode(view, offset) returns */
  readonly decode: Code
  /** how each field is read alone: for events, of which a reader may want a few */
  readonly fields?: Code | undefined
}

/** A codec as an object literal. */
export function printCodec(context: Context, parts: CodecParts): string {
  const codec = context.imports.use('@millrace/core', 'type Codec')
  const layout = array(layoutOf(context.btf, parts.typeId).map(quote))
  return [
    `${parts.declaration}: ${codec}<${parts.type}> = {\n`,
    `  size: ${parts.size},\n`,
    `  alignment: ${parts.alignment},\n`,
    line(2, '', entry('layout', layout), ','),
    '  encode(value, view, offset) {\n',
    parts.encode,
    '  },\n',
    '  decode(view, offset) {\n',
    line(4, 'return ', parts.decode, ''),
    '  },\n',
    ...(parts.fields === undefined ? [] : [line(2, '', entry('fields', parts.fields), ',')]),
    '}\n',
  ].join('')
}
