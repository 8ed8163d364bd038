import type { Cells } from './cells.js'
import type { FieldName, FieldOf } from './places.js'
import type { AtomicValue, InPlace } from './types.js'

/**
 * One value in memory that this process shares with programs: a global variable, or what lies at a place of an arena. As
 * {@link ArrayView} is for many, and with its rules: 8 aligned bytes are whole, the memory stays mapped as long as the view is
 * reachable, and the atomic operations are for integers of 32 and 64 bits.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { u64 } from '@millrace/maps'
 *
 * using object = await load('./counter.bpf.o')
 * const seen = object.variables.seen?.view()
 * setInterval(() => console.log(seen?.get()), 100)
 * ```
 */
export class ValueView<T> {
  /** whether `set` and its like are allowed: false for constants, and for maps that are frozen or were opened read-only */
  readonly writable: boolean
  readonly #cells: Cells<T>

  /** @internal */
  constructor(cells: Cells<T>) {
    this.writable = cells.memory.writable
    this.#cells = cells
  }

  /** A copy of the value, as it is now. */
  get(): T {
    return this.#cells.get(0)
  }

  /**
   * Writes the value: nothing of it when it does not fit its type.
   *
   * @throws {@link MapOperationError} ERR_MAP_READ_ONLY, {@link ArgumentError}
   */
  set(value: T): void {
    this.#cells.set(0, value)
  }

  /** The value in place: an object whose fields are read from the memory and written to it; a copy where it has none. */
  get fields(): InPlace<T> {
    return this.#cells.at(0)
  }

  /**
   * One field of the value; in an array, one element.
   *
   * @throws {@link ArgumentError} for a field that there is not
   */
  field<N extends FieldName<T>>(name: N): ValueView<FieldOf<T, N>> {
    return new ValueView(this.#cells.field(name))
  }

  /**
   * The integer, atomically: nothing that is read later is older.
   *
   * @throws {@link ArgumentError} for what is no integer of 32 or 64 bits, or not aligned
   */
  load(): AtomicValue<T> {
    return this.#cells.load(0) as AtomicValue<T>
  }

  /** Writes the integer, atomically: whoever sees it sees what was written before, too. Throws as `add` does. */
  store(value: AtomicValue<T>): void {
    this.#cells.store(0, value)
  }

  /**
   * Adds to the integer, atomically, and returns what it was. It wraps around as in C; a negative number subtracts.
   *
   * @throws {@link MapOperationError} ERR_MAP_READ_ONLY
   * @throws {@link ArgumentError} for an operand that does not fit, and as `load` does
   */
  add(operand: AtomicValue<T>): AtomicValue<T> {
    return this.#cells.change('add', 0, operand) as AtomicValue<T>
  }

  /** Keeps the bits that the operand has as well, atomically; returns the value before. Throws as `add` does. */
  and(operand: AtomicValue<T>): AtomicValue<T> {
    return this.#cells.change('and', 0, operand) as AtomicValue<T>
  }

  /** Sets bits, atomically; returns the value before. Throws as `add` does. */
  or(operand: AtomicValue<T>): AtomicValue<T> {
    return this.#cells.change('or', 0, operand) as AtomicValue<T>
  }

  /** Inverts bits, atomically; returns the value before. Throws as `add` does. */
  xor(operand: AtomicValue<T>): AtomicValue<T> {
    return this.#cells.change('xor', 0, operand) as AtomicValue<T>
  }

  /** Writes the integer, atomically, and returns what it replaced. Throws as `add` does. */
  exchange(value: AtomicValue<T>): AtomicValue<T> {
    return this.#cells.change('exchange', 0, value) as AtomicValue<T>
  }

  /**
   * Writes the integer if it is `expected`, atomically. Returns what was there: it has been replaced when that is `expected`. Throws as
   * `add` does.
   */
  compareExchange(expected: AtomicValue<T>, replacement: AtomicValue<T>): AtomicValue<T> {
    return this.#cells.compareExchange(0, expected, replacement) as AtomicValue<T>
  }
}
