import { inspect } from 'node:util'
import type { Codec } from '@millrace/core'
import type { Records } from './records.js'

/** Makes events of records, one after the other; each record is at least as long as the event, or `check` throws. */
export type ReadEvents<E> = (records: Records, from: number, check: (record: number) => void) => IterableIterator<E>

/** A field, and where it is in an event. */
type Field = readonly [name: string, place: readonly [offset: number, codec: Codec<unknown>]]

/** Of one event: where its bytes are. Symbols, as a field may have any name. */
const memory = Symbol('memory')
const place = Symbol('place')

const iteratorsOf = new WeakMap<Codec<unknown>, ReadEvents<unknown>>()

/** Events whose fields are decoded when they are read; a codec that cannot read fields alone decodes all at once. */
export function lazyEvents<E>(codec: Codec<E>): ReadEvents<E> {
  const known = iteratorsOf.get(codec)
  if (known !== undefined) return known as ReadEvents<E>
  const made =
    codec.places === undefined
      ? iterator((view, offset) => codec.decode(view, offset), codec.size)
      : byField<E>(codec, Object.entries(codec.places()))
  iteratorsOf.set(codec, made)
  return made
}

function byField<E>({ size }: Codec<E>, fields: readonly Field[]): ReadEvents<E> {
  const { Event, iterate } = compile(fields, size)
  describe(Event.prototype, fields)
  return iterate as ReadEvents<E>
}

/** What prints an event, or turns it into JSON, sees its fields. */
function describe(prototype: object, fields: readonly Field[]): void {
  const decoded = (event: object) => Object.fromEntries(fields.map(([name]) => [name, Reflect.get(event, name)]))
  Object.defineProperty(prototype, inspect.custom, {
    value(this: object, _depth: number, options: object) {
      return inspect(decoded(this), options)
    },
  })
  if ('toJSON' in prototype) return
  Object.defineProperty(prototype, 'toJSON', {
    value(this: object) {
      return decoded(this)
    },
  })
}

interface Compiled {
  readonly Event: { readonly prototype: object }
  readonly iterate: ReadEvents<unknown>
}

/** As docs/decisions/0003 has it for structs: code of its own, and where the process may not make any, the same slower. */
function compile(fields: readonly Field[], size: number): Compiled {
  try {
    return straightLine(fields, size)
  } catch (error) {
    if (!(error instanceof EvalError)) throw error
    return withClosures(fields, size)
  }
}

/**
 * An iterator and an event of the struct's own, which V8 inlines into the loop that goes over them: as long as only one
 * kind of event passes through a function it can do that for functions that all kinds share, and no longer. Names are
 * written as strings; nothing else of the caller's goes into the text.
 */
export function straightLine(fields: readonly Field[], size: number): Compiled {
  const constants = fields.map((_, i) => `codec${i}`).join(', ')
  const getters = fields.map(([name, [offset]], i) => {
    const value = `codec${i}.decode(this[memory], this[place] + ${Number(offset)})`
    return `get ${JSON.stringify(name)}() { return ${value} }`
  })
  const make = new Function(
    'codecs',
    'memory',
    'place',
    `'use strict'
    const [${constants}] = codecs
    class Event {
      constructor(view, offset) {
        this[memory] = view
        this[place] = offset
      }
      ${getters.join('\n')}
    }
    class Events {
      constructor(records, from, check) {
        this.view = records.view
        this.index = records.index
        this.record = from
        this.end = records.records
        this.check = check
      }
      next() {
        const record = this.record
        if (record >= this.end) return { value: undefined, done: true }
        this.record = record + 1
        if (this.index[2 * record + 1] < ${size}) this.check(record)
        return { value: new Event(this.view, this.index[2 * record]), done: false }
      }
      [Symbol.iterator]() {
        return this
      }
    }
    return { Event, iterate: (records, from, check) => new Events(records, from, check) }`,
  )
  return make(
    fields.map(([, [, codec]]) => codec),
    memory,
    place,
  )
}

export function withClosures(fields: readonly Field[], size: number): Compiled {
  class Event {
    readonly [memory]: DataView
    readonly [place]: number
    constructor(view: DataView, offset: number) {
      this[memory] = view
      this[place] = offset
    }
  }
  for (const [name, [offset, codec]] of fields) {
    Object.defineProperty(Event.prototype, name, {
      get(this: Event) {
        return codec.decode(this[memory], this[place] + offset)
      },
    })
  }
  return { Event, iterate: iterator((view, offset) => new Event(view, offset), size) }
}

function iterator<E>(read: (view: DataView, offset: number) => E, size: number): ReadEvents<E> {
  return function* ({ view, index, records }, from, check) {
    for (let record = from; record < records; record++) {
      if ((index[2 * record + 1] ?? 0) < size) check(record)
      yield read(view, index[2 * record] ?? 0)
    }
  }
}
