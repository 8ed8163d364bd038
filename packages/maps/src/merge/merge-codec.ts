import { ArgumentError, type Codec } from '@millrace/core'
import { unknownName } from '@millrace/core/internal'
import { compileStruct, loop } from '../codecs/compile-struct.js'
import type { Merge, MergeMethod } from './merge.js'
import { type MergeValues, mergeNumbers, mergeWords, type Values } from './merge-integers.js'

const methods: readonly unknown[] = ['sum', 'max', 'min', 'any'] satisfies MergeMethod[]

/**
 * How one value is made of those of all CPUs.
 *
 * @param argument - what `how` is called, for errors
 * @throws {@link ArgumentError} for a method that does not exist, or does not fit, and for fields that do not
 */
export function mergeCodec<V>(codec: Codec<V>, how: Merge<V>, values: Values, argument: string): MergeValues<V> {
  if (methods.includes(how)) return byMethod(codec, how as MergeMethod, values, argument) as MergeValues<V>
  const places = codec.places?.()
  if (places === undefined || typeof how !== 'object' || how === null) {
    const fields = places === undefined ? '' : ', or an object of those by field'
    throw new ArgumentError({ argument, value: how, expected: `sum, max, min or any${fields}` })
  }
  const methodOf = how as Readonly<Record<string, Merge<unknown>>>
  for (const name of Object.keys(how)) {
    if (!Object.hasOwn(places, name)) throw unknownName(argument, name, Object.keys(places), 'field')
  }
  return mergeFields(
    Object.entries(places).map(([name, [offset, field]]) => {
      const method = methodOf[name]
      if (method === undefined) {
        throw new ArgumentError({ argument, value: how, expected: `a method for the field ${name}, too` })
      }
      return { name, offset, merge: mergeCodec(field, method, values, `${argument}.${name}`) }
    }),
  ) as MergeValues<V>
}

function byMethod(codec: Codec<unknown>, method: MergeMethod, values: Values, argument: string): MergeValues<unknown> {
  if (method === 'any') return (view, offset) => codec.decode(view, offset)
  const { places, elements } = codec
  if (places !== undefined) {
    return mergeFields(
      Object.entries(places()).map(([name, [offset, field]]) => {
        return { name, offset, merge: byMethod(field, method, values, `${argument} of the field ${name}`) }
      }),
    )
  }
  if (elements !== undefined) {
    const merge = byMethod(elements.codec, method, values, argument)
    return mergeElements(merge, elements.length, elements.codec.size)
  }
  if (codec.integer === 'u64' || codec.integer === 'i64') return mergeWords(method, codec.integer === 'i64', values)
  const sample: unknown = codec.decode(new DataView(new ArrayBuffer(codec.size)), 0)
  if (typeof sample !== 'number' && typeof sample !== 'bigint') {
    throw new ArgumentError({
      argument,
      value: method,
      expected: `any: its values are no numbers, such as ${String(sample)}`,
    })
  }
  return mergeNumbers(method, codec.decode as MergeValues<number>, values)
}

interface MergedField {
  readonly name: string
  /** bytes */
  readonly offset: number
  readonly merge: MergeValues<unknown>
}

/** By the code of structs, each field of which decodes to what it is merged to. */
function mergeFields(fields: readonly MergedField[]): MergeValues<unknown> {
  const placed = fields.map(({ name, offset, merge }) => {
    return { name, offset, codec: { size: 0, alignment: 1, layout: [], encode() {}, decode: merge } }
  })
  const compile = placed.every(({ name }) => identifier.test(name)) ? compileStruct : loop
  return compile(placed, 0).decode
}

/** Of codecs that were written by hand fields may have any name: those do not become code. */
const identifier = /^[a-z_$][\w$]*$/i

function mergeElements(merge: MergeValues<unknown>, length: number, size: number): MergeValues<unknown[]> {
  return (view, at) => Array.from({ length }, (_, i) => merge(view, at + i * size))
}
