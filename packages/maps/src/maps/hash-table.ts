import { UnsupportedKernelError } from '@millrace/core'
import { errno, mapOperationError, runningKernel } from '@millrace/core/internal'
import { isUnsupported } from '../iteration/unsupported.js'
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
    if (isUnsupported(result)) {
      throw new UnsupportedKernelError({
        feature: `getAndDelete of a ${this.type} map`,
        needed: '5.14',
        running: runningKernel(),
        hint: 'use get and delete where nothing else writes to the map',
      })
    }
    throw mapOperationError(this.raw, 'getAndDelete', result)
  }
}
