import { checkOneOf, errno, mapOperationError } from '@millrace/core/internal'
import { KeylessMap } from './keyless-map.js'

/**
 * What becomes of a value that finds no room: `throw` ERR_MAP_FULL, or `drop-oldest`, which makes room by dropping what has been there
 * longest.
 */
export type WhenFull = 'throw' | 'drop-oldest'

/** BPF_EXIST of linux/bpf.h, which makes room. */
const makeRoom = 2

/** What {@link Queue} and {@link Stack} have in common: values stand in a line, and are taken from one of its ends. */
export abstract class Line<V> extends KeylessMap<V> {
  /**
   * Puts a value in.
   *
   * @throws {@link ArgumentError} for a value that does not fit its type
   * @throws {@link MapOperationError} ERR_MAP_FULL unless `drop-oldest`
   * @throws {@link ClosedError}
   */
  push(value: V, whenFull: WhenFull = 'throw'): this {
    checkOneOf('whenFull', whenFull, ['throw', 'drop-oldest'])
    this.encode(value)
    const result = this.raw.update(null, this.buffer, whenFull === 'drop-oldest' ? makeRoom : 0)
    if (result < 0) throw mapOperationError(this.raw, 'push', result)
    return this
  }

  /**
   * Takes the next value out; `undefined` when there is none. Of two that take at once, each gets another value.
   *
   * @throws {@link MapOperationError}, {@link ClosedError}
   */
  pop(): V | undefined {
    return this.#next('pop', this.raw.lookupAndDelete(null, this.buffer))
  }

  /**
   * The next value, which stays; `undefined` when there is none.
   *
   * @throws {@link MapOperationError}, {@link ClosedError}
   */
  peek(): V | undefined {
    return this.#next('peek', this.raw.lookup(null, this.buffer))
  }

  /**
   * Takes values out until there is none, but no more than the map has room for: programs may go on putting some in.
   */
  *drain(): IterableIterator<V> {
    for (let taken = 0; taken < this.maxEntries; taken++) {
      const result = this.raw.lookupAndDelete(null, this.buffer)
      if (result === -errno.ENOENT) return
      if (result < 0) throw mapOperationError(this.raw, 'drain', result)
      yield this.decode()
    }
  }

  #next(operation: string, result: number): V | undefined {
    if (result === 0) return this.decode()
    if (result === -errno.ENOENT) return undefined
    throw mapOperationError(this.raw, operation, result)
  }
}
