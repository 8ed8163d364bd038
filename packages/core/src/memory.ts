import { type Binding, type Handle, nativeBinding } from './binding.js'
import { checkBoolean, checkBytes, checkOptions } from './check.js'
import { errno } from './errno.js'
import { ArgumentError, ClosedError } from './errors/index.js'
import { explain } from './explain.js'
import { checkMap, type RawMap } from './raw-map.js'

/**
 * An array map's values in the memory of this process: reading and writing them costs no system call. The map must
 * have been made with BPF_F_MMAPABLE, as `.data`, `.bss` and `.rodata` are.
 *
 * It keeps the map alive, also when the map is closed.
 *
 * @example
 * ```ts
 * import { MappedMemory, RawMap } from '@millrace/core'
 *
 * using map = RawMap.open('/sys/fs/bpf/counters')
 * using memory = MappedMemory.of(map, { writable: false })
 * const bytes = new Uint8Array(8)
 * memory.read(0, bytes)
 * ```
 */
export class MappedMemory implements Disposable {
  readonly #native: Binding
  readonly #handle: Handle
  readonly #name: string
  #closed = false

  private constructor(native: Binding, handle: Handle, name: string) {
    this.#native = native
    this.#handle = handle
    this.#name = name
  }

  /**
   * Maps the values of an array.
   *
   * @param options - `writable`: default true; a frozen map can only be read
   * @throws ArgumentError for an option that there is not
   * @throws KernelError when the map cannot be mapped: EINVAL, ENOTSUPP without BPF_F_MMAPABLE, EPERM when it is frozen
   */
  static of(map: RawMap, options: { readonly writable?: boolean | undefined } = {}): MappedMemory {
    checkMap('map', map)
    checkOptions('options', options, ['writable'])
    const writable = checkBoolean('options.writable', options.writable ?? true)
    const native = nativeBinding()
    const handle = native.memoryMap(map.handle, writable)
    if (typeof handle === 'number') return new MappedMemory(native, handle, map.name)
    if (handle.errno === errno.EBADF) throw new ClosedError({ what: 'map', name: map.name })
    const hint = 'only arrays made with BPF_F_MMAPABLE can be mapped, and frozen ones only for reading'
    throw explain({ operation: `map the memory of ${map.name}`, errno: handle.errno, hint })
  }

  /** Copies from `offset` into `out`; 1, 2, 4 and 8 bytes that are aligned are read in one piece. */
  read(offset: number, out: Uint8Array): void {
    this.#check('read', offset, out, this.#native.memoryRead(this.#handle, offset, out))
  }

  /** Copies `bytes` to `offset`; 1, 2, 4 and 8 bytes that are aligned are written in one piece. */
  write(offset: number, bytes: Uint8Array): void {
    this.#check('write', offset, bytes, this.#native.memoryWrite(this.#handle, offset, bytes))
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed
  }

  /** A second call does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#native.close(this.#handle)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #check(operation: string, offset: number, bytes: Uint8Array, result: number): void {
    if (result >= 0) return
    if (result === -errno.EBADF) throw new ClosedError({ what: 'memory', name: this.#name })
    if (result === -errno.EINVAL) {
      checkBytes(operation === 'read' ? 'out' : 'bytes', bytes)
      const expected = `an offset at which ${bytes.length} bytes lie inside of the map`
      throw new ArgumentError({ argument: 'offset', value: offset, expected })
    }
    throw explain({ operation: `${operation} the memory of ${this.#name}`, errno: result })
  }
}
