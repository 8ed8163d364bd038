import { checkInteger } from '../check.js'
import type { Codec, IntegerType } from '../codec.js'
import { errno } from '../errno.js'
import { ArgumentError } from '../errors/index.js'
import { mapOperationError } from '../map-errors.js'
import { inPlace } from './in-place.js'
import { type FieldName, type FieldOf, placeOf } from './places.js'
import type { SharedMemory } from './shared-memory.js'
import type { InPlace } from './types.js'
import { fits, type Words } from './words.js'

/** Where equal values lie. */
export interface CellsPlace {
  /** bytes from the start of the memory to the first */
  readonly offset: number
  readonly length: number
  /** bytes from one to the next */
  readonly stride: number
}

/** What {@link Cells.add} and its like do to an integer. */
type Operation = 'add' | 'and' | 'or' | 'xor' | 'exchange'

/** Equal values in shared memory: what all views are made of. */
export class Cells<T> {
  readonly memory: SharedMemory
  readonly length: number
  readonly #codec: Codec<T>
  readonly #offset: number
  readonly #stride: number
  /** set where every value is an integer that lies at a multiple of its size */
  readonly #integer: IntegerType | undefined

  readonly #u64: BigUint64Array | undefined
  readonly #u32: Uint32Array | undefined
  readonly #atomics: BigUint64Array | undefined

  constructor(memory: SharedMemory, codec: Codec<T>, place: CellsPlace) {
    this.memory = memory
    this.length = place.length
    this.#codec = codec
    this.#offset = place.offset
    this.#stride = place.stride
    const isAligned = (place.offset | place.stride) % codec.size === 0
    this.#integer = isAligned && memory.words !== undefined ? codec.integer : undefined
    this.#u64 = this.#integer === 'u64' ? memory.words?.u64 : undefined
    this.#u32 = this.#integer === 'u32' ? memory.words?.u32 : undefined
    this.#atomics = atomicWords(memory.words, this.#integer)
  }

  get(index: number): T {
    if (index >>> 0 !== index || index >= this.length) this.#refuseIndex('get', index)
    const at = this.#offset + index * this.#stride
    // The codec says what its integers are in TypeScript. Counters first, without a step in between.
    if (this.#u64 !== undefined) return this.#u64[at >>> 3] as never
    if (this.#u32 !== undefined) return this.#u32[at >>> 2] as never
    if (this.#integer !== undefined) return this.memory.words?.integer(this.#integer, at) as never
    return this.memory.read(this.#codec, at)
  }

  set(index: number, value: T): void {
    this.memory.write(this.#codec, this.#at('set', index), value, 'value')
  }

  at(index: number): InPlace<T> {
    return inPlace(this.memory, this.#codec, this.#at('at', index))
  }

  field<N extends FieldName<T>>(name: N): Cells<FieldOf<T, N>> {
    const { offset, codec } = placeOf(this.#codec, name)
    return new Cells(this.memory, codec, { offset: this.#offset + offset, length: this.length, stride: this.#stride })
  }

  load(index: number): T {
    const at = this.#at('load', index)
    return Atomics.load(this.#atomicWords(), this.#wordOf(at)) as never
  }

  store(index: number, value: T): void {
    const at = this.#at('store', index)
    const words = this.#atomicWords()
    this.memory.checkWritable('store')
    this.#check('value', value)
    Atomics.store(words, this.#wordOf(at), value as never)
  }

  /** Returns what was there before. */
  change(operation: Operation, index: number, operand: unknown): T {
    const at = this.#at(operation, index)
    const words = this.#atomicWords()
    this.memory.checkWritable(operation)
    if (operation === 'exchange') this.#check('value', operand)
    else this.#checkOperand(operand)
    return Atomics[operation](words, this.#wordOf(at), operand as never) as never
  }

  compareExchange(index: number, expected: T, replacement: T): T {
    const at = this.#at('compareExchange', index)
    const words = this.#atomicWords()
    this.memory.checkWritable('compareExchange')
    this.#check('expected', expected)
    this.#check('replacement', replacement)
    return Atomics.compareExchange(words, this.#wordOf(at), expected as never, replacement as never) as never
  }

  #at(operation: string, index: number): number {
    if (index >>> 0 !== index || index >= this.length) this.#refuseIndex(operation, index)
    return this.#offset + index * this.#stride
  }

  #refuseIndex(operation: string, index: number): never {
    checkInteger('index', index, 0, 0xffff_ffff)
    throw mapOperationError({ name: this.memory.name, type: 'array' }, operation, errno.E2BIG)
  }

  #atomicWords(): BigUint64Array {
    return this.#atomics ?? this.#refuseAtomics()
  }

  #refuseAtomics(): never {
    throw new ArgumentError({
      argument: 'codec',
      value: this.#codec.layout,
      expected: this.memory.words
        ? "an integer of 32 or 64 bits in the machine's byte order, at a multiple of its size, such as u64, or a field that is one"
        : 'a JavaScript engine that lets its buffers be the memory of others, which atomic operations need',
    })
  }

  #wordOf(at: number): number {
    return this.#codec.size === 8 ? at >>> 3 : at >>> 2
  }

  #check(argument: string, value: unknown): void {
    checkFits(this.#codec, argument, value)
  }

  /** Sums wrap around as in C, so that a negative one subtracts from an unsigned integer as well. */
  #checkOperand(value: unknown): void {
    if (this.#codec.size === 4) {
      checkInteger('operand', value, -(2 ** 31), 2 ** 32 - 1)
    } else if (
      typeof value !== 'bigint' ||
      (BigInt.asUintN(64, value) !== value && BigInt.asIntN(64, value) !== value)
    ) {
      throw new ArgumentError({ argument: 'operand', value, expected: 'a bigint from -(2n ** 63n) to 2n ** 64n - 1n' })
    }
  }
}

/** TypeScript's `Atomics` has one signature for numbers and one for bigints: the type of this stands for both. */
function atomicWords(words: Words | undefined, integer: IntegerType | undefined): BigUint64Array | undefined {
  switch (integer) {
    case 'u64':
      return words?.u64
    case 'i64':
      return words?.i64 as never
    case 'u32':
      return words?.u32 as never
    case 'i32':
      return words?.i32 as never
    default:
      return undefined
  }
}

/** Throws as the codec would. */
function checkFits(codec: Codec<unknown>, argument: string, value: unknown): void {
  if (codec.integer !== undefined && fits(codec.integer, value)) return
  throw new ArgumentError({ argument, value, expected: `a value of the type ${codec.integer}` })
}
