import { type Binding, type Handle, nativeBinding } from './binding.js'
import { checkBytes } from './check.js'
import { errno } from './errno.js'
import { ArgumentError, ClosedError } from './errors/index.js'
import { explain } from './explain.js'
import { closedInTime, watchForLeak } from './leak-watch.js'
import { mapOperationError } from './map-errors.js'
import { checkMap, type RawMap } from './raw-map.js'

/**
 * Writes records, as bytes, into a user ring buffer map, without a system call: the ring lies in the memory of this process. It
 * is what `UserRingBuffer` of `@millrace/maps` stands on. A ring has one writer: two at once would write over each other.
 *
 * @kernel 6.1
 *
 * @example
 * ```ts
 * import { RawMap, UserRingWriter } from '@millrace/core'
 *
 * using map = RawMap.open('/sys/fs/bpf/commands')
 * using writer = UserRingWriter.of(map)
 * if (!writer.write(Uint8Array.of(1, 0, 0, 0))) console.log('the program is behind')
 * ```
 */
export class UserRingWriter implements Disposable {
  readonly #native: Binding
  readonly #handle: Handle
  readonly #map: { readonly name: string; readonly type: 'user_ringbuf' }
  #closed = false

  private constructor(native: Binding, handle: Handle, name: string) {
    this.#native = native
    this.#handle = handle
    this.#map = { name, type: 'user_ringbuf' }
    watchForLeak(this, 'user ring buffer writer of', name)
  }

  /**
   * Opens the ring. The writer is closed on its own, and works on when the map is closed.
   *
   * @throws KernelError EINVAL for another kind of map
   * @throws ClosedError
   */
  static of(map: RawMap): UserRingWriter {
    checkMap('map', map)
    const native = nativeBinding()
    const handle = native.userRingOpen(map.handle)
    if (typeof handle === 'number') return new UserRingWriter(native, handle, map.name)
    if (handle.errno === errno.EBADF) throw new ClosedError({ what: 'map', name: map.name })
    throw explain({
      operation: `write to the user ring buffer ${map.name}`,
      errno: handle.errno,
      hint: map.type === 'user_ringbuf' ? undefined : `a ${map.type} map is no user ring buffer`,
      log: handle.log,
    })
  }

  /**
   * Writes a record, if there is room; whether there was. A program reads it when it drains the ring.
   *
   * @throws ArgumentError for a record that is longer than the ring
   * @throws ClosedError
   */
  write(record: Uint8Array): boolean {
    checkBytes('record', record)
    const result = this.#native.userRingWrite(this.#handle, record)
    if (result === 0) return true
    if (result === -errno.ENOSPC) return false
    if (result === -errno.E2BIG) {
      throw new ArgumentError({ argument: 'record', value: record.length, expected: 'no more bytes than the ring has' })
    }
    throw mapOperationError(this.#map, 'write', result)
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed
  }

  /** Gives the mapped memory back; what was written stays for programs to read. A second call does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    closedInTime(this)
    this.#native.close(this.#handle)
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
