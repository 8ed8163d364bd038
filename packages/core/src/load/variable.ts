import { ClosedError } from '../errors/index.js'
import type { ValueView } from '../memory/value-view.js'
import { type MappedMemory, mapMemory } from '../memory.js'
import type { RawMap } from '../raw-map.js'
import type { VariableSpec } from '../spec.js'

/**
 * A global variable of a loaded object, in `.data`, `.bss` or its arena, or a constant in `.rodata`. It lies in memory that the programs and this
 * process share, so reading and writing cost no system call. Integers are read and written in one piece; a struct may be seen half
 * written by a program that changes it meanwhile, field by field.
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
 * console.log(object.constants.threshold?.get())
 * ```
 */
export class Variable<T> {
  /** in C */
  readonly name: string
  readonly #spec: VariableSpec<T>
  readonly #sections: Sections
  #view: ValueView<T> | undefined

  /** @internal */
  constructor(spec: VariableSpec<T>, sections: Sections) {
    this.name = spec.name
    this.#spec = spec
    this.#sections = sections
  }

  /**
   * The value as it is now.
   *
   * @throws ClosedError after the object was closed
   */
  get(): T {
    return this.view().get()
  }

  /**
   * Writes the value; programs see it at once.
   *
   * @throws ArgumentError when the value does not fit the C type
   * @throws MapOperationError ERR_MAP_READ_ONLY for a constant
   * @throws ClosedError after the object was closed
   */
  set(value: T): void {
    this.view()
    const { section, offset, codec } = this.#spec
    this.#sections
      .memory(section)
      .shared()
      .write(codec, this.#sections.start(section) + offset, value, this.name)
  }

  /**
   * The value in place: its fields one by one, and atomic operations. It stays valid when the object was closed, and keeps the
   * memory.
   *
   * @throws ClosedError after the object was closed
   *
   * @example
   * ```ts
   * import { load } from '@millrace/core'
   * import { firewall } from './firewall.bpf.js'
   *
   * using fw = await load(firewall)
   * const verdict = fw.constants.defaultVerdict.view()
   * console.log(verdict.get(), verdict.writable)
   * ```
   */
  view(): ValueView<T> {
    const { section, offset, codec } = this.#spec
    if (this.#sections.closed) throw new ClosedError({ what: 'memory', name: section })
    this.#view ??= this.#sections.memory(section).view(codec, this.#sections.start(section) + offset)
    return this.#view
  }
}

/** Variables that lie in an arena. */
const arenaSection = '.addr_space.1'

/** @internal The sections that variables lie in, each mapped into memory when it is first used. */
export class Sections implements Disposable {
  readonly #maps: ReadonlyMap<string, RawMap>
  readonly #arenaData: number
  readonly #mapped = new Map<string, MappedMemory>()
  closed = false

  constructor(maps: ReadonlyMap<string, RawMap>, arenaData: number) {
    this.#maps = maps
    this.#arenaData = arenaData
  }

  memory(section: string): MappedMemory {
    const known = this.#mapped.get(section)
    if (known !== undefined) return known
    const map = section === arenaSection ? this.#arena() : this.#maps.get(section)
    if (map === undefined) throw new TypeError(`the object has no section ${section}`)
    const memory = mapMemory(map, undefined)
    this.#mapped.set(section, memory)
    return memory
  }

  /** Bytes from the start of the memory to the section. */
  start(section: string): number {
    return section === arenaSection ? this.#arenaData : 0
  }

  #arena(): RawMap | undefined {
    return [...this.#maps.values()].find(({ type }) => type === 'arena')
  }

  [Symbol.dispose](): void {
    this.closed = true
    for (const memory of this.#mapped.values()) memory.close()
  }
}
