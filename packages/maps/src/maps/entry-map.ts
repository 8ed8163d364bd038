import { errno, mapOperationError } from '@millrace/core/internal'
import { deleteEach } from '../iteration/delete-each.js'
import { deleteEncoded } from '../iteration/delete-keys.js'
import { checkIterable } from './arguments.js'
import { KeyedMap } from './keyed-map.js'
import { type UpdateMode, writeEntry } from './update-mode.js'

/** Maps whose entries come and go: all but arrays. */
export abstract class EntryMap<K, V> extends KeyedMap<K, V> {
  /**
   * Writes a value. Programs see the old one or the new one, whole.
   *
   * @param mode - `any` (default), `create` only or `replace` only
   * @throws {@link ArgumentError} for a key or a value that does not fit its type
   * @throws {@link MapOperationError} ERR_MAP_FULL, ERR_KEY_EXISTS, ERR_KEY_MISSING, ERR_MAP_READ_ONLY ...
   * @throws {@link ClosedError}
   */
  set(key: K, value: V, mode: UpdateMode = 'any'): this {
    this.encodeKey(key)
    this.encodeValue(value)
    const result = writeEntry(this.raw, mode)
    if (result !== 0) throw mapOperationError(this.raw, 'set', result)
    return this
  }

  /** Removes an entry. False when there was none. Throws as `get` does. */
  delete(key: K): boolean {
    this.encodeKey(key)
    const result = this.raw.deleteEntry()
    if (result === 0) return true
    if (result === -errno.ENOENT) return false
    throw mapOperationError(this.raw, 'delete', result)
  }

  /**
   * Removes many entries, thousands in one system call where the kernel has it. Not atomic.
   *
   * @returns how many of them were there
   * @throws {@link ArgumentError} for a key that does not fit its type: those before it may be gone by then
   * @throws {@link MapOperationError}, {@link ClosedError}
   */
  deleteAll(keys: Iterable<K>): number {
    checkIterable('keys', keys, 'an array, Set or other iterable of keys')
    return deleteEncoded(this.raw, this.keyCodec, keys)
  }

  /** Removes all entries that are there when it begins. Not atomic: programs see the map getting emptier. */
  clear(): void {
    deleteEach(this.raw)
  }
}
