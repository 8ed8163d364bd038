import { checkInteger, errno, mapOperationError } from '@millrace/core/internal'
import { takeEntries } from '../iteration/take-entries.js'
import { getAndDeleteUnsupported, isUnsupported } from '../iteration/unsupported.js'
import { EntryMap } from './entry-map.js'

/** What the four kinds of hash tables have in common. */
export abstract class HashTable<K, V> extends EntryMap<K, V> {
  /**
   * Removes an entry and returns what it held, `undefined` when there is none; in one step, so that no packet that a
   * program counts meanwhile is lost. A kernel that cannot do it in one is not helped out by two: what was counted
   * between them would be gone without a trace.
   *
   * @throws {@link UnsupportedKernelError} before Linux 5.14: use `get` and `delete` where nobody else writes
   * @throws {@link ArgumentError}, {@link MapOperationError}, {@link ClosedError}
   *
   * @kernel 5.14
   */
  getAndDelete(key: K): V | undefined {
    this.encodeKey(key)
    const result = this.raw.lookupAndDeleteEntry()
    if (result === 0) return this.decodeValue()
    if (result === -errno.ENOENT) return undefined
    if (isUnsupported(result)) throw getAndDeleteUnsupported(this.raw, 'getAndDelete')
    throw mapOperationError(this.raw, 'getAndDelete', result)
  }

  /**
   * Takes entries out of the map, each read and removed in one step, many in one system call: for counters that are collected and
   * begin anew, with nothing lost that programs count meanwhile. An entry that a program makes again while it lasts may come twice.
   *
   * @param max - no more than these; default all
   * @returns keys and values, in no order
   * @throws {@link UnsupportedKernelError} before Linux 5.14, when `max` is less than the entries of one bucket
   * @throws {@link ArgumentError}, {@link MapOperationError}, {@link ClosedError}
   *
   * @kernel 5.6
   */
  drain(max: number = Number.POSITIVE_INFINITY): [K, V][] {
    if (max !== Number.POSITIVE_INFINITY) checkInteger('max', max, 0, Number.MAX_SAFE_INTEGER)
    const { keySize, valueBufferSize } = this.raw
    const taken: [K, V][] = []
    for (const { keys, values, count } of takeEntries(this.raw, max)) {
      const keyView = new DataView(keys.buffer)
      const valueView = new DataView(values.buffer)
      for (let i = 0; i < count; i++) {
        taken.push([this.keyCodec.decode(keyView, i * keySize), this.valueCodec.decode(valueView, i * valueBufferSize)])
      }
    }
    return taken
  }
}
