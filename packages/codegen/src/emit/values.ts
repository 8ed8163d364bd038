import { type ScalarName, scalars } from '../shape/scalars.js'
import type { EnumShape, Field, Shape } from '../shape/shape.js'
import { arrow, type Code, call } from './code.js'
import type { Context } from './context.js'
import { quote } from './quote.js'
import { typeOf } from './types.js'

/** The place of bytes in generated code: the view is called `view`, `base` is a variable and `offset` counts from it. */
export interface Position {
  readonly base: string
  readonly offset: number
}

/** `offset + 8` */
export function at({ base, offset }: Position): string {
  return offset === 0 ? base : `${base} + ${offset}`
}

const element: Position = { base: 'at', offset: 0 }

/** A call that writes `value`, an expression; `path` is an expression too, for error messages. */
export function put(context: Context, shape: Shape, position: Position, value: string, path: string): Code {
  const { imports } = context
  switch (shape.kind) {
    case 'scalar':
      return call(imports.helper(scalars[shape.name].put), 'view', at(position), value, path)
    case 'enum':
      return call(imports.helper(scalars[holderOf(shape)].put), 'view', at(position), value, path)
    case 'string':
      return call(imports.helper('putString'), 'view', at(position), `${shape.size}`, value, path)
    case 'bytes':
      return call(imports.helper('putBytes'), 'view', at(position), `${shape.size}`, value, path)
    case 'array': {
      const size = [`${shape.element.size}`, `${shape.length}`]
      const putElement = elementWriter(context, shape.element)
      return call(imports.helper('putArray'), 'view', at(position), ...size, value, putElement, path)
    }
    default:
      return call(imports.helper('putStruct'), 'view', at(position), context.nameOf(shape), value, path)
  }
}

/** An expression that reads a value. */
export function get(context: Context, shape: Shape, position: Position): Code {
  const { imports } = context
  switch (shape.kind) {
    case 'scalar':
      return getScalar(context, shape.name, position)
    case 'enum':
      return `${getScalar(context, holderOf(shape), position)} as ${context.nameOf(shape)}`
    case 'string':
      return call(imports.helper('getString'), 'view', at(position), `${shape.size}`)
    case 'bytes':
      return call(imports.helper('getBytes'), 'view', at(position), `${shape.size}`)
    case 'array': {
      const size = [`${shape.element.size}`, `${shape.length}`]
      return call(imports.helper('getArray'), 'view', at(position), ...size, elementReader(context, shape.element))
    }
    default:
      return call(`${context.nameOf(shape)}.decode`, 'view', at(position))
  }
}

/** As {@link put}, for a field of a record that lies at `base`. */
export function putField(context: Context, field: Field, base: Position, value: string): Code {
  const position = { base: base.base, offset: base.offset + field.offset }
  const path = quote(field.name)
  if (field.bitField === undefined) return put(context, field.shape, position, value, path)
  const { offset, bits, isSigned } = field.bitField
  const helper = context.imports.helper(isSigned ? 'putSignedBits' : 'putBits')
  const number = isBool(field.shape) ? `Number(${value})` : value
  return call(helper, 'view', at(position), `${offset % 8}`, `${bits}`, number, path)
}

/** As {@link get}, for a field of a record that lies at `base`. */
export function getField(context: Context, field: Field, base: Position): Code {
  const position = { base: base.base, offset: base.offset + field.offset }
  if (field.bitField === undefined) return get(context, field.shape, position)
  const { offset, bits, isSigned } = field.bitField
  const isWide = bits > 32
  const helper = context.imports.helper(`get${isSigned ? 'Signed' : ''}${isWide ? 'Big' : ''}Bits`)
  const read = `${helper}(view, ${at(position)}, ${offset % 8}, ${bits})`
  if (isBool(field.shape)) return `${read} !== 0`
  if (field.shape.kind !== 'enum') return read
  const isBig = field.shape.size === 8
  return `${isBig && !isWide ? `BigInt(${read})` : read} as ${context.nameOf(field.shape)}`
}

/** The TypeScript type of a field; that of an integer bit-field follows its width. */
export function fieldTypeOf(context: Context, field: Field): string {
  if (field.bitField === undefined || field.shape.kind === 'enum' || isBool(field.shape))
    return typeOf(context, field.shape)
  return field.bitField.bits > 32 ? 'bigint' : 'number'
}

function isBool(shape: Shape): boolean {
  return shape.kind === 'scalar' && shape.name === 'bool'
}

function getScalar(context: Context, name: ScalarName, position: Position): string {
  const expression = scalars[name].get.replace('AT', at(position))
  const helper = /^get\w+/.exec(expression)?.[0]
  if (helper !== undefined) context.imports.helper(helper)
  return expression
}

/** The integer that an enum is held in. */
export function holderOf({ size, isSigned }: EnumShape): ScalarName {
  const holders = { 1: 'u8', 2: 'u16', 4: 'u32', 8: 'u64' } as const
  const signedHolders = { 1: 'i8', 2: 'i16', 4: 'i32', 8: 'i64' } as const
  return (isSigned ? signedHolders : holders)[size]
}

function elementWriter(context: Context, shape: Shape): Code {
  if (shape.kind === 'scalar') return context.imports.helper(scalars[shape.name].put)
  if (shape.kind === 'enum') return context.imports.helper(scalars[holderOf(shape)].put)
  return arrow('view, at, value, path', put(context, shape, element, 'value', 'path'))
}

function elementReader(context: Context, shape: Shape): Code {
  if (shape.kind === 'struct' || shape.kind === 'union') return `${context.nameOf(shape)}.decode`
  const expression = get(context, shape, element)
  const helper = typeof expression === 'string' ? /^(get\w+)\(view, at\)$/.exec(expression)?.[1] : undefined
  return helper ?? arrow('view, at', expression)
}
