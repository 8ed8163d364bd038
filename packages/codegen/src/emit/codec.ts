import { array, type Code, entry, line } from './code.js'
import type { Context } from './context.js'
import { quote } from './quote.js'

/** The parts of a codec that is written out. */
export interface CodecParts {
  /** `export const Flow` */
  readonly declaration: string
  /** what it is a codec of, in TypeScript */
  readonly type: string
  readonly layout: readonly string[]
  readonly size: number
  readonly alignment: number
  /** the integer that an enum is */
  readonly integer?: string | undefined
  /** lines of the body of encode(value, view, offset) */
  readonly encode: string
  /** what decode(view, offset) returns */
  readonly decode: Code
  /** where each field is: for values that views show in place */
  readonly places?: Code | undefined
}

/** A codec as an object literal. */
export function printCodec(context: Context, parts: CodecParts): string {
  const codec = context.imports.use('@millrace/core', 'type Codec')
  const layout = array(parts.layout.map(quote))
  return [
    `${parts.declaration}: ${codec}<${parts.type}> = {\n`,
    `  size: ${parts.size},\n`,
    `  alignment: ${parts.alignment},\n`,
    line(2, '', entry('layout', layout), ','),
    ...(parts.integer === undefined ? [] : [`  integer: ${quote(parts.integer)},\n`]),
    ...(parts.places === undefined ? [] : [line(2, '', entry('places', parts.places), ',')]),
    '  encode(value, view, offset) {\n',
    parts.encode,
    '  },\n',
    '  decode(view, offset) {\n',
    line(4, 'return ', parts.decode, ''),
    '  },\n',
    '}\n',
  ].join('')
}
