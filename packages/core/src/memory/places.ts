import { unknownName } from '../check.js'
import type { Codec, CodecPlaces } from '../codec.js'
import { ArgumentError } from '../errors/index.js'
import type { Leaf } from './types.js'

/** What a struct's fields are called; numbers in an array; nothing in a value without parts. */
export type FieldName<T> = T extends Leaf ? never : T extends readonly unknown[] ? number : Extract<keyof T, string>

/** The type of a field. */
export type FieldOf<T, N> = T extends readonly (infer E)[] ? E : N extends keyof T ? Exclude<T[N], undefined> : never

const known = new WeakMap<Codec<unknown>, CodecPlaces>()

/** The fields of a struct's codec, undefined for any other. */
export function placesOf(codec: Codec<unknown>): CodecPlaces | undefined {
  if (codec.places === undefined) return undefined
  const found = known.get(codec) ?? codec.places()
  known.set(codec, found)
  return found
}

/** Where a field lies in a value, by its name, or an element of an array by its index. */
export function placeOf<T, N extends FieldName<T>>(
  codec: Codec<T>,
  name: N,
): { readonly offset: number; readonly codec: Codec<FieldOf<T, N>> } {
  const { elements } = codec
  if (elements !== undefined) {
    if (typeof name === 'number' && Number.isInteger(name) && name >= 0 && name < elements.length) {
      return { offset: name * elements.codec.size, codec: elements.codec as Codec<FieldOf<T, N>> }
    }
    throw new ArgumentError({ argument: 'name', value: name, expected: `an integer from 0 to ${elements.length - 1}` })
  }
  const places = placesOf(codec)
  if (places === undefined) {
    const expected = 'no field: the codec does not say where its fields are, as those of struct({ ... }) and bpf2ts do'
    throw new ArgumentError({ argument: 'name', value: name, expected })
  }
  const place = Object.hasOwn(places, name) ? places[name] : undefined
  if (place === undefined) throw unknownName('name', String(name), Object.keys(places), 'field')
  return { offset: place[0], codec: place[1] as Codec<FieldOf<T, N>> }
}
