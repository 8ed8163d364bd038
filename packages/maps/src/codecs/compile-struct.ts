import type { Codec } from '@millrace/core'
import { zero } from '../codec/memory.js'
import { reject, rejectInside } from '../codec/reject.js'

/** A field with its place. */
export interface StructField {
  readonly name: string
  readonly codec: Codec<unknown>
  /** bytes */
  readonly offset: number
}

type Compiled<T> = Pick<Codec<T>, 'encode' | 'decode'>

/**
 * The two functions of a struct's codec, as straight-line code where the process may make code from strings, and as a
 * loop over the fields where it may not (`node --disallow-code-generation-from-strings`). See docs/decisions/0003.
 */
export function compileStruct<T>(fields: readonly StructField[], size: number): Compiled<T> {
  try {
    return straightLine(fields, size)
  } catch (error) {
    if (!(error instanceof EvalError)) throw error
    return loop(fields, size)
  }
}

/**
 * Functions of the struct's own, so that V8 knows each field's name, offset and codec as constants and inlines them.
 * Names have been checked to be identifiers; nothing else of the caller's goes into the text.
 */
export function straightLine<T>(fields: readonly StructField[], size: number): Compiled<T> {
  const constants = fields.map((_, i) => `codec${i}`).join(', ')
  const encodes = fields.map(
    ({ name, offset }, i) => `at = '${name}'; codec${i}.encode(value.${name}, view, offset + ${offset})`,
  )
  const decodes = fields.map(({ name, offset }, i) => `${name}: codec${i}.decode(view, offset + ${offset})`)
  const zeroes = gaps(fields, size).map(({ offset, length }) => `zero(view, offset + ${offset}, ${length})`)
  const make = new Function(
    'codecs',
    'checkObject',
    'rejectInside',
    'zero',
    `'use strict'
    const [${constants}] = codecs
    return {
      encode(value, view, offset) {
        checkObject(value)
        let at
        try {
          ${encodes.join('\n')}
        } catch (error) {
          rejectInside(error, at)
        }
        ${zeroes.join('\n')}
      },
      decode(view, offset) {
        return { ${decodes.join(', ')} }
      },
    }`,
  )
  return make(
    fields.map(({ codec }) => codec),
    objectCheck(fields),
    rejectInside,
    zero,
  )
}

export function loop<T>(fields: readonly StructField[], size: number): Compiled<T> {
  const checkObject = objectCheck(fields)
  const padding = gaps(fields, size)
  return {
    encode(value, view, offset) {
      checkObject(value)
      for (const field of fields) {
        try {
          field.codec.encode((value as Record<string, unknown>)[field.name], view, offset + field.offset)
        } catch (error) {
          rejectInside(error, field.name)
        }
      }
      for (const gap of padding) zero(view, offset + gap.offset, gap.length)
    },
    decode(view, offset) {
      const value: Record<string, unknown> = {}
      for (const field of fields) value[field.name] = field.codec.decode(view, offset + field.offset)
      return value as T
    },
  }
}

function objectCheck(fields: readonly StructField[]): (value: unknown) => void {
  const expected = `an object with the fields ${fields.map(({ name }) => name).join(', ')}`
  return (value) => {
    if (typeof value !== 'object' || value === null) reject('', value, expected)
  }
}

/** The padding between and behind the fields. */
function gaps(fields: readonly StructField[], size: number): { offset: number; length: number }[] {
  let end = 0
  const found: { offset: number; length: number }[] = []
  for (const { offset, codec } of [...fields, { offset: size, codec: { size: 0 } }]) {
    if (offset > end) found.push({ offset: end, length: offset - end })
    end = offset + codec.size
  }
  return found
}
