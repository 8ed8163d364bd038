import { ArgumentError, ClosedError, type MapSpec, Program, type ProgramType, type RawMap } from '@millrace/core'
import { checkInteger, errno, mapOperationError, nativeBinding, programTypes } from '@millrace/core/internal'
import { u32 } from '../codecs/scalars.js'
import { KernelMap } from './kernel-map.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('prog_array')
const codecs = { key: u32, value: u32 }

/** The kind of programs that a {@link ProgramArray} holds. */
export interface ProgramKind<T extends ProgramType> {
  /** as bpftool prints it: `xdp`, `sched_cls` ... */
  readonly programType: T
}

/** What a {@link ProgramArray} is made of. */
export interface ProgramArrayOptions<T extends ProgramType>
  extends ProgramKind<T>,
    Omit<CreateOptions, 'programAccess'> {}

/**
 * An array of programs for tail calls: a program that calls an index goes on as the program that is there, and one that
 * calls an empty index goes on after the call. Replacing a program is one write: a packet sees the old one or the new
 * one.
 *
 * All programs of an array are of one kind, and of one build of it (JIT, fragments): the first that is put in decides,
 * and the kernel refuses others with ERR_MAP_FLAGS.
 *
 * **The kernel empties the array when nobody in user space holds it any more**, also while programs use it. This object
 * holds it until `close()`, and is never closed by the garbage collector; `pin` it to let it outlive the process.
 *
 * @typeParam T - the kind of programs, so that a tc program in an array for XDP does not compile
 *
 * @kernel 4.2; `get` and iterating 4.19
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { ProgramArray } from '@millrace/maps'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * using stages = ProgramArray.create({ name: 'stages', programType: 'xdp', maxEntries: 8 })
 * stages.set(0, fw.programs.firewall)
 * stages.get(0) === fw.programs.firewall.id                 // true
 * ```
 */
export class ProgramArray<T extends ProgramType = ProgramType> extends KernelMap implements Iterable<[number, number]> {
  readonly #programType: T | undefined
  readonly #index = new Uint8Array(4)
  readonly #value = new Uint8Array(4)
  readonly #indexView = new DataView(this.#index.buffer)
  readonly #valueView = new DataView(this.#value.buffer)

  private constructor(raw: RawMap, programType: T | undefined) {
    super(raw)
    this.#programType = programType
  }

  /**
   * Makes an array without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<T extends ProgramType>(options: ProgramArrayOptions<T>): ProgramArray<T> {
    const raw = kind.create(codecs, options, checkKind, ['programType'])
    return new ProgramArray(raw, options.programType)
  }

  /**
   * Opens a pinned array, once sure that it is one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<T extends ProgramType>(path: string, options: ProgramKind<T> & OpenOptions): ProgramArray<T> {
    checkKind(options)
    return new ProgramArray(kind.open(path, codecs, options, ['programType']), options.programType)
  }

  /**
   * A typed array over an open map.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<T extends ProgramType>(raw: RawMap, options: ProgramKind<T>): ProgramArray<T> {
    checkKind(options)
    return new ProgramArray(kind.check(raw, codecs), options.programType)
  }

  /** Describes an array of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<T extends ProgramType>(spec: Partial<ProgramKind<T>> & SpecOptions): MapSpec<ProgramArray<T>> {
    return kind.spec(spec, codecs, (raw) => new ProgramArray(raw, spec.programType))
  }

  /**
   * The id of the program at an index, `undefined` when there is none; `Program.openById` opens it.
   *
   * @throws {@link ArgumentError} for what is no index
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE ..., {@link ClosedError}
   */
  get(index: number): number | undefined {
    this.#at(index, 'get')
    const result = this.raw.lookup(this.#index, this.#value)
    if (result === 0) return this.#valueView.getUint32(0, true)
    if (result === -errno.ENOENT) return undefined
    throw mapOperationError(this.raw, 'get', result)
  }

  /** Whether there is a program at an index. Throws as `get` does. */
  has(index: number): boolean {
    return this.get(index) !== undefined
  }

  /**
   * Puts a program at an index, in place of the one that is there. The array holds the program: it may be closed
   * afterwards.
   *
   * @throws {@link ArgumentError} for what is no index, or a program of another kind
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_MAP_FLAGS ...
   * @throws {@link ClosedError} when the array or the program was closed
   */
  set(index: number, program: Program<T>): this {
    this.#at(index, 'set')
    if (!(program instanceof Program)) {
      throw new ArgumentError({ argument: 'program', value: program, expected: 'a loaded or opened Program' })
    }
    if (this.#programType !== undefined && program.type !== this.#programType) {
      const expected = `a program of the kind ${this.#programType}, not ${program.type}`
      throw new ArgumentError({ argument: 'program', value: program.name, expected })
    }
    const descriptor = nativeBinding().descriptor(program.handle)
    if (descriptor < 0) throw new ClosedError({ what: 'program', name: program.name })
    this.#valueView.setUint32(0, descriptor, true)
    const result = this.raw.update(this.#index, this.#value)
    if (result !== 0) throw mapOperationError(this.raw, 'set', result)
    return this
  }

  /** Empties an index. False when there was no program. Throws as `get` does. */
  delete(index: number): boolean {
    this.#at(index, 'delete')
    const result = this.raw.delete(this.#index)
    if (result === 0) return true
    if (result === -errno.ENOENT) return false
    throw mapOperationError(this.raw, 'delete', result)
  }

  /** Indexes that have a program, with its id, in order. `for (const [index, id] of array)` is the same. */
  *entries(): IterableIterator<[number, number]> {
    for (let index = 0; index < this.maxEntries; index++) {
      const id = this.get(index)
      if (id !== undefined) yield [index, id]
    }
  }

  /** Indexes that have a program, in order. */
  *keys(): IterableIterator<number> {
    for (const [index] of this.entries()) yield index
  }

  /** Ids of the programs, in order of their indexes. */
  *values(): IterableIterator<number> {
    for (const [, id] of this.entries()) yield id
  }

  /** Empties all indexes, one by one. */
  clear(): void {
    for (let index = 0; index < this.maxEntries; index++) this.delete(index)
  }

  [Symbol.iterator](): IterableIterator<[number, number]> {
    return this.entries()
  }

  #at(index: number, operation: string): void {
    checkInteger('index', index, 0, 0xffff_ffff)
    // The kernel's answers differ: ENOENT where a lookup is beyond the end, as for an empty index.
    if (index >= this.maxEntries) throw mapOperationError(this.raw, operation, errno.E2BIG)
    this.#indexView.setUint32(0, index, true)
  }
}

/** The kind of its programs makes no difference to how an array is made. */
function checkKind(options: ProgramKind<ProgramType> | undefined): 0 {
  programTypes.check('options.programType', options?.programType)
  return 0
}
