import { ArgumentError } from '../errors/index.js'
import { MappedMemory } from '../memory.js'
import type { RawMap } from '../raw-map.js'
import type { VariableSpec } from '../spec.js'

/**
 * A global variable of a loaded object, in `.data` or `.bss`. It lies in memory that the programs and this process share, so
 * reading and writing cost no system call. Integers are read and written in one piece; a struct may be seen half written by
 * a program that changes it meanwhile.
 *
 * @typeParam T - by the C type: numbers, bigints for 64 bits, objects for structs
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 *
 * using object = await load('./counter.bpf.o')
 * object.variables.enabled?.set(1)
 * console.log(object.variables.seen?.get())
 * ```
 */
export class Variable<T> {
  /** in C */
  readonly name: string
  readonly #spec: VariableSpec<T>
  readonly #sections: Sections
  readonly #bytes: Uint8Array
  readonly #view: DataView

  /** @internal */
  constructor(spec: VariableSpec<T>, sections: Sections) {
    this.name = spec.name
    this.#spec = spec
    this.#sections = sections
    this.#bytes = new Uint8Array(spec.codec.size)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /**
   * The value as it is now.
   *
   * @throws ClosedError after the object was closed
   */
  get(): T {
    this.#sections.memory(this.#spec.section).read(this.#spec.offset, this.#bytes)
    return this.#spec.codec.decode(this.#view, 0)
  }

  /**
   * Writes the value; programs see it at once.
   *
   * @throws ArgumentError when the value does not fit the C type
   * @throws ClosedError after the object was closed
   */
  set(value: T): void {
    encode(this.#spec, value, this.#view, this.name)
    this.#sections.memory(this.#spec.section).write(this.#spec.offset, this.#bytes)
  }
}

/** @internal The sections that variables lie in, each mapped into memory when it is first used. */
export class Sections {
  readonly #maps: ReadonlyMap<string, RawMap>
  readonly #own: (memory: MappedMemory) => void
  readonly #mapped = new Map<string, MappedMemory>()

  constructor(maps: ReadonlyMap<string, RawMap>, own: (memory: MappedMemory) => void) {
    this.#maps = maps
    this.#own = own
  }

  memory(section: string): MappedMemory {
    const known = this.#mapped.get(section)
    if (known !== undefined) return known
    const map = this.#maps.get(section)
    if (map === undefined) throw new TypeError(`the object has no section ${section}`)
    const memory = MappedMemory.of(map)
    this.#mapped.set(section, memory)
    this.#own(memory)
    return memory
  }
}

/** @internal Encodes with errors that name the variable: a codec knows only of its own fields. */
export function encode<T>({ codec }: VariableSpec<T>, value: T, view: DataView, argument: string): void {
  try {
    codec.encode(value, view, 0)
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error
    const field = error.argument === '' ? '' : `.${error.argument}`
    throw new ArgumentError({
      argument: argument + field,
      value: error.value,
      expected: error.expected,
      suggestion: error.suggestion,
    })
  }
}
