import { inspect } from 'node:util'
import type { Codec } from '@millrace/core'

/** Makes an event of the record at an offset. */
export type ReadEvent<E> = (view: DataView, offset: number) => E

type Reader = (view: DataView, offset: number) => unknown

/** Of one event: where its bytes are. Symbols, as a field may have any name. */
const memory = Symbol('memory')
const place = Symbol('place')

const readersOfCodecs = new WeakMap<Codec<unknown>, ReadEvent<unknown>>()

/** Events whose fields are decoded when they are read; a codec that cannot read fields alone decodes all at once. */
export function lazyEvents<E>(codec: Codec<E>): ReadEvent<E> {
  const known = readersOfCodecs.get(codec)
  if (known !== undefined) return known as ReadEvent<E>
  const read =
    codec.fields === undefined ? whole(codec) : byField<E>(Object.entries(codec.fields) as [string, Reader][])
  readersOfCodecs.set(codec, read)
  return read
}

function whole<E>(codec: Codec<E>): ReadEvent<E> {
  return (view, offset) => codec.decode(view, offset)
}

function byField<E>(fields: readonly [string, Reader][]): ReadEvent<E> {
  const make = compile(fields)
  const decoded = (event: object) => Object.fromEntries(fields.map(([name]) => [name, Reflect.get(event, name)]))
  const { prototype } = make
  // What prints an event, or turns it into JSON, sees its fields.
  Object.defineProperty(prototype, inspect.custom, {
    value(this: object, _depth: number, options: object) {
      return inspect(decoded(this), options)
    },
  })
  if (!('toJSON' in prototype)) {
    Object.defineProperty(prototype, 'toJSON', {
      value(this: object) {
        return decoded(this)
      },
    })
  }
  return make.read as ReadEvent<E>
}

interface Compiled {
  readonly prototype: object
  readonly read: Reader
}

/** As docs/decisions/0003 has it for structs: code of its own, and where the process may not make any, the same slower. */
function compile(fields: readonly [string, Reader][]): Compiled {
  try {
    return straightLine(fields)
  } catch (error) {
    if (!(error instanceof EvalError)) throw error
    return withClosures(fields)
  }
}

/**
 * A class of the struct's own, whose getters V8 can inline. Names are identifiers, as codecs and bpf2ts see to, and
 * written as strings all the same; nothing else of the caller's goes into the text.
 */
export function straightLine(fields: readonly [string, Reader][]): Compiled {
  const constants = fields.map((_, i) => `read${i}`).join(', ')
  const getters = fields.map(
    ([name], i) => `get ${JSON.stringify(name)}() { return read${i}(this[memory], this[place]) }`,
  )
  const make = new Function(
    'readers',
    'memory',
    'place',
    `'use strict'
    const [${constants}] = readers
    class Event {
      constructor(view, offset) {
        this[memory] = view
        this[place] = offset
      }
      ${getters.join('\n')}
    }
    return { prototype: Event.prototype, read: (view, offset) => new Event(view, offset) }`,
  )
  return make(
    fields.map(([, read]) => read),
    memory,
    place,
  )
}

export function withClosures(fields: readonly [string, Reader][]): Compiled {
  class Event {
    readonly [memory]: DataView
    readonly [place]: number
    constructor(view: DataView, offset: number) {
      this[memory] = view
      this[place] = offset
    }
  }
  for (const [name, read] of fields) {
    Object.defineProperty(Event.prototype, name, {
      get(this: Event) {
        return read(this[memory], this[place])
      },
    })
  }
  return { prototype: Event.prototype, read: (view, offset) => new Event(view, offset) }
}
