import { inspect } from 'node:util'
import type { Codec, IntegerType } from '../codec.js'
import { ArrayView } from './array-view.js'
import { Cells } from './cells.js'
import { placesOf } from './places.js'
import type { SharedMemory } from './shared-memory.js'
import type { InPlace } from './types.js'

/** The value at `offset` as an object that reads and writes the memory; a copy where it has no parts. */
export function inPlace<T>(memory: SharedMemory, codec: Codec<T>, offset: number): InPlace<T> {
  const made = structClass(codec)
  if (made !== undefined) return new made(memory, offset) as InPlace<T>
  const { elements } = codec
  if (elements === undefined) return memory.read(codec, offset) as InPlace<T>
  const place = { offset, length: elements.length, stride: elements.codec.size }
  return new ArrayView(new Cells(memory, elements.codec, place)) as InPlace<T>
}

/** A struct in memory; each codec has a class of its own with the fields as properties. */
class Struct {
  readonly #memory: SharedMemory
  readonly #offset: number

  constructor(memory: SharedMemory, offset: number) {
    this.#memory = memory
    this.#offset = offset
  }

  /** A property that is the field at `offset`. */
  static field(name: string, offset: number, codec: Codec<unknown>): PropertyDescriptor {
    const { integer } = codec
    return {
      enumerable: true,
      get: integer === undefined ? Struct.#getter(offset, codec) : Struct.#integerGetter(offset, codec, integer),
      set: Struct.#setter(name, offset, codec),
    }
  }

  static #integerGetter(offset: number, codec: Codec<unknown>, integer: IntegerType) {
    const withinWord = codec.size - 1
    return function (this: Struct): unknown {
      const { words } = this.#memory
      const at = this.#offset + offset
      // Fields of packed structs may lie anywhere.
      if (words === undefined || (at & withinWord) !== 0) return this.#memory.read(codec, at)
      return words.integer(integer, at)
    }
  }

  static #setter(name: string, offset: number, codec: Codec<unknown>) {
    return function (this: Struct, value: unknown): void {
      this.#memory.write(codec, this.#offset + offset, value, name)
    }
  }

  static #getter(offset: number, codec: Codec<unknown>) {
    return function (this: Struct): unknown {
      return inPlace(this.#memory, codec, this.#offset + offset)
    }
  }

  /** What `console.log` prints. */
  static copy(codec: Codec<unknown>): PropertyDescriptor {
    return {
      value(this: Struct): unknown {
        return this.#memory.read(codec, this.#offset)
      },
    }
  }
}

const classes = new WeakMap<Codec<unknown>, typeof Struct>()

function structClass(codec: Codec<unknown>): typeof Struct | undefined {
  const known = classes.get(codec)
  if (known !== undefined) return known
  const places = placesOf(codec)
  if (places === undefined) return undefined
  const made = class extends Struct {}
  for (const [name, [offset, field]] of Object.entries(places)) {
    Object.defineProperty(made.prototype, name, Struct.field(name, offset, field))
  }
  Object.defineProperty(made.prototype, inspect.custom, Struct.copy(codec))
  classes.set(codec, made)
  return made
}
