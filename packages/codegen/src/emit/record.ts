import { layoutOf } from '../layout.js'
import { fieldsOf, type RecordShape, type UnionPart } from '../shape/shape.js'
import { array, arrow, type Code, call, entry, line, object } from './code.js'
import { printCodec } from './codec.js'
import type { Context } from './context.js'
import { documented } from './documented.js'
import { gapsOf } from './gaps.js'
import { placesOf } from './places.js'
import { quote } from './quote.js'
import type { RootCodecs } from './root-codec.js'
import { at, fieldTypeOf, getField, type Position, putField } from './values.js'

/** Where a record begins in its codec. */
const start: Position = { base: 'offset', offset: 0 }

/** The interface of a struct or union, and its codec of the same name, which says where its fields are if it has codecs for them. */
export function printRecord(context: Context, record: RecordShape, inPlace: RootCodecs | undefined): string {
  const name = context.nameOf(record)
  const codec = printCodec(context, {
    declaration: `export const ${name}`,
    type: name,
    layout: layoutOf(context.btf, record.id),
    size: record.size,
    alignment: record.alignment,
    encode: printEncode(context, record),
    decode: decodeOf(context, record),
    places: inPlace === undefined ? undefined : placesOf(context, inPlace, record),
  })
  return `${documented(context, record)}${printInterface(context, record, name)}\n${codec}`
}

function printInterface(context: Context, record: RecordShape, name: string): string {
  const fields = record.parts.flatMap((part) => {
    if (part.kind === 'field') return [`  ${part.name}: ${fieldTypeOf(context, part)}\n`]
    return part.fields.map((field) => `  ${field.name}?: ${fieldTypeOf(context, field)} | undefined\n`)
  })
  return `export interface ${name} {\n${fields.join('')}}\n`
}

function printEncode(context: Context, record: RecordShape): string {
  const zeroes = gapsOf(record).map(({ offset, size }) =>
    line(4, '', call(context.imports.helper('zero'), 'view', at({ ...start, offset }), `${size}`), ''),
  )
  let unions = 0
  const puts = record.parts.map((part) => {
    if (part.kind === 'union') return printPutUnion(context, part, ++unions)
    return line(4, '', putField(context, part, start, `value.${part.name}`), '')
  })
  return [...zeroes, ...puts].join('')
}

/** The members stand in a variable, so that the call that takes them fits on a line. */
function printPutUnion(context: Context, part: UnionPart, count: number): string {
  const { imports } = context
  const base = { base: 'at', offset: -part.offset }
  const members = part.fields.map((field) => {
    const value = `value.${field.name} as ${fieldTypeOf(context, field)}`
    return array([quote(field.name), arrow('view, at', putField(context, field, base, value))])
  })
  const variable = count === 1 ? 'members' : `members${count}`
  const type = imports.helper('type UnionMember')
  const place = at({ ...start, offset: part.offset })
  const put = call(imports.helper('putUnion'), 'view', place, `${part.size}`, 'value', variable, "''")
  return line(4, `const ${variable}: ${type}[] = `, array(members), '') + line(4, '', put, '')
}

function decodeOf(context: Context, record: RecordShape): Code {
  return object(fieldsOf(record).map((field) => entry(field.name, getField(context, field, start))))
}
