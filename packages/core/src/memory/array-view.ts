import type { Cells } from './cells.js'
import type { FieldName, FieldOf } from './places.js'
import type { AtomicValue, InPlace } from './types.js'

/**
 * Values of one type in memory that this process shares with programs: reading or writing one is no system call and takes some
 * nanoseconds. `ArrayMap.view` gives it, and {@link MappedMemory.array}.
 *
 * What is whole: 8 aligned bytes, and less. A number, a bigint or a field of a struct is never half old and half new; a struct as a
 * whole may be, field by field, when a program writes it meanwhile. `get` and `set` are plain loads and stores. What has to be added to, or to be ordered against other
 * memory, needs the atomic operations: they are for integers of 32 and 64 bits, or a {@link ArrayView.field} that is one, and agree
 * with `__sync_fetch_and_add` and its like in programs.
 *
 * The memory stays mapped as long as any view of it is reachable: one that is kept goes on working when the map was
 * closed. Views that are dropped are collected as all objects are.
 *
 * @example
 * ```ts
 * import { ArrayMap, struct, u64 } from '@millrace/maps'
 *
 * const Hits = struct({ packets: u64, bytes: u64 })
 * using ports = ArrayMap.create({ name: 'ports', value: Hits, maxEntries: 16, memoryMapped: true })
 * const view = ports.view()
 * view.get(3)                                               // { packets: 0n, bytes: 0n }, a copy
 * view.at(3).packets                                        // 0n, reads these 8 bytes only
 * view.field('bytes').exchange(3, 0n)                       // reads and clears, and loses nothing
 * ```
 */
export class ArrayView<V> implements Iterable<V> {
  /** how many values */
  readonly length: number
  /** whether `set` and its like are allowed: false for maps that are frozen or were opened read-only */
  readonly writable: boolean
  readonly #cells: Cells<V>

  /** @internal */
  constructor(cells: Cells<V>) {
    this.length = cells.length
    this.writable = cells.memory.writable
    this.#cells = cells
  }

  /**
   * A copy of the value at an index, as it is now.
   *
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE
   * @throws {@link ArgumentError} for what is no index
   */
  get(index: number): V {
    return this.#cells.get(index)
  }

  /**
   * Writes the value at an index: nothing of it when it does not fit its type.
   *
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_MAP_READ_ONLY
   * @throws {@link ArgumentError} for an index or a value that does not fit its type
   */
  set(index: number, value: V): this {
    this.#cells.set(index, value)
    return this
  }

  /**
   * The value at an index in place: an object whose fields are read from the memory and written to it. Cheap, and worth keeping. For values
   * without fields it is the same as `get`. Throws as `get` does.
   */
  at(index: number): InPlace<V> {
    return this.#cells.at(index)
  }

  /**
   * One field of every value; in values that are arrays, one element.
   *
   * @throws {@link ArgumentError} for a field that there is not
   */
  field<N extends FieldName<V>>(name: N): ArrayView<FieldOf<V, N>> {
    return new ArrayView(this.#cells.field(name))
  }

  /**
   * The integer at an index, atomically: nothing that is read later is older.
   *
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE
   * @throws {@link ArgumentError} for values that are no integers of 32 or 64 bits, or not aligned
   */
  load(index: number): AtomicValue<V> {
    return this.#cells.load(index) as AtomicValue<V>
  }

  /** Writes the integer at an index, atomically: whoever sees it sees what was written before, too. Throws as `add` does. */
  store(index: number, value: AtomicValue<V>): void {
    this.#cells.store(index, value)
  }

  /**
   * Adds to the integer at an index, atomically, and returns what it was. It wraps around as in C; a negative number subtracts.
   *
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_MAP_READ_ONLY
   * @throws {@link ArgumentError} for an operand that does not fit, and as `load` does
   */
  add(index: number, operand: AtomicValue<V>): AtomicValue<V> {
    return this.#cells.change('add', index, operand) as AtomicValue<V>
  }

  /** Keeps the bits that the operand has as well, atomically; returns the value before. Throws as `add` does. */
  and(index: number, operand: AtomicValue<V>): AtomicValue<V> {
    return this.#cells.change('and', index, operand) as AtomicValue<V>
  }

  /** Sets bits, atomically; returns the value before. Throws as `add` does. */
  or(index: number, operand: AtomicValue<V>): AtomicValue<V> {
    return this.#cells.change('or', index, operand) as AtomicValue<V>
  }

  /** Inverts bits, atomically; returns the value before. Throws as `add` does. */
  xor(index: number, operand: AtomicValue<V>): AtomicValue<V> {
    return this.#cells.change('xor', index, operand) as AtomicValue<V>
  }

  /** Writes the integer at an index, atomically, and returns what it replaced. Throws as `add` does. */
  exchange(index: number, value: AtomicValue<V>): AtomicValue<V> {
    return this.#cells.change('exchange', index, value) as AtomicValue<V>
  }

  /**
   * Writes the integer at an index if it is `expected`, atomically. Returns what was there: it has been replaced when that is `expected`.
   * Throws as `add` does.
   */
  compareExchange(index: number, expected: AtomicValue<V>, replacement: AtomicValue<V>): AtomicValue<V> {
    return this.#cells.compareExchange(index, expected, replacement) as AtomicValue<V>
  }

  /** Copies of the values, in order. */
  *[Symbol.iterator](): Generator<V, void, undefined> {
    for (let index = 0; index < this.length; index++) yield this.get(index)
  }
}
