import { type Binding, type Handle, nativeBinding } from './binding.js'
import { checkBoolean, checkBytes, checkInteger, checkOptions } from './check.js'
import type { Codec } from './codec.js'
import { errno } from './errno.js'
import { ArgumentError, ClosedError } from './errors/index.js'
import { explain } from './explain.js'
import type { MapType } from './map-type.js'
import { ArrayView } from './memory/array-view.js'
import { Cells } from './memory/cells.js'
import { SharedMemory } from './memory/shared-memory.js'
import { ValueView } from './memory/value-view.js'
import { checkMap, type RawMap } from './raw-map.js'

/** Where the values of {@link MappedMemory.array} lie. */
export interface MemoryArrayOptions {
  /** how many */
  readonly length: number
  /** bytes from the start to the first; default 0. A multiple of the codec's alignment. */
  readonly offset?: number | undefined
  /** bytes from one to the next; default the codec's size, in whole multiples of its alignment */
  readonly stride?: number | undefined
}

/**
 * An array map's values in the memory of this process: reading and writing them costs no system call. The map must
 * have been made with BPF_F_MMAPABLE, as `.data`, `.bss` and `.rodata` are. `read` and `write` copy bytes; `view` and `array` give typed
 * values in place.
 *
 * It keeps the map alive, also when the map is closed. `close()` ends `read` and `write`; views go on working, and the memory is
 * unmapped when the garbage collector has taken the last of them.
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
  /** @internal */
  readonly handle: Handle
  readonly #name: string
  readonly #type: MapType
  /** bytes */
  readonly length: number
  /** whether it may be written */
  readonly writable: boolean
  #shared: SharedMemory | undefined
  #closed = false

  /** @internal */
  constructor(native: Binding, handle: Handle, map: RawMap, writable: boolean) {
    this.#native = native
    this.handle = handle
    this.#name = map.name
    this.#type = map.type
    this.length = native.memoryLength(handle)
    this.writable = writable
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
    return mapMemory(map, writable)
  }

  /**
   * The value at `offset`, in place.
   *
   * @param offset - bytes, a multiple of the codec's alignment; default 0
   * @throws ArgumentError for a place that is not inside of the memory, or not aligned
   * @throws ClosedError
   *
   * @example
   * ```ts
   * import { MappedMemory, RawMap } from '@millrace/core'
   * import { u64 } from '@millrace/maps'
   *
   * using map = RawMap.open('/sys/fs/bpf/counters')
   * using memory = MappedMemory.of(map)
   * memory.view(u64, 8).add(1n)
   * ```
   */
  view<T>(codec: Codec<T>, offset = 0): ValueView<T> {
    this.#checkPlace('offset', offset, codec, 1, 0)
    return new ValueView(new Cells(this.shared(), codec, { offset, length: 1, stride: 0 }))
  }

  /**
   * Values of one type, in place. Throws as `view` does.
   *
   * @example
   * ```ts
   * import { MappedMemory, RawMap } from '@millrace/core'
   * import { u64 } from '@millrace/maps'
   *
   * using map = RawMap.open('/sys/fs/bpf/counters')
   * using memory = MappedMemory.of(map, { writable: false })
   * for (const count of memory.array(u64, { length: map.maxEntries })) console.log(count)
   * ```
   */
  array<T>(codec: Codec<T>, options: MemoryArrayOptions): ArrayView<T> {
    checkOptions('options', options, ['length', 'offset', 'stride'])
    const { offset = 0 } = options
    const length = checkInteger('options.length', options.length, 0, 0xffff_ffff)
    const least = Math.ceil(codec.size / alignmentOf(codec)) * alignmentOf(codec)
    const stride = checkInteger('options.stride', options.stride ?? least, codec.size, 0xffff_ffff)
    this.#checkPlace('options.offset', offset, codec, length, stride)
    return new ArrayView(new Cells(this.shared(), codec, { offset, length, stride }))
  }

  /** @internal The memory for views; where these need no descriptor it is valid for good. */
  shared(): SharedMemory {
    if (this.#closed) throw new ClosedError({ what: 'memory', name: this.#name })
    if (this.#shared !== undefined) return this.#shared
    const buffer = this.#native.memoryBuffer(this.handle)
    this.#shared = new SharedMemory({
      name: this.#name,
      type: this.#type,
      length: this.length,
      writable: this.writable,
      buffer: buffer instanceof ArrayBuffer ? buffer : undefined,
      read: (offset, out) => this.read(offset, out),
      write: (offset, bytes) => this.write(offset, bytes),
    })
    return this.#shared
  }

  /** Copies from `offset` into `out`; 1, 2, 4 and 8 bytes that are aligned are read in one piece. */
  read(offset: number, out: Uint8Array): void {
    this.#check('read', offset, out, this.#native.memoryRead(this.handle, offset, out))
  }

  /** Copies `bytes` to `offset`; 1, 2, 4 and 8 bytes that are aligned are written in one piece. */
  write(offset: number, bytes: Uint8Array): void {
    this.#check('write', offset, bytes, this.#native.memoryWrite(this.handle, offset, bytes))
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed
  }

  /** A second call does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#native.close(this.handle)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #checkPlace(argument: string, offset: number, codec: Codec<unknown>, count: number, stride: number): void {
    const last = count === 0 ? 0 : (count - 1) * stride + codec.size
    const aligned = Number.isInteger(offset) && offset % alignmentOf(codec) === 0
    if (aligned && offset >= 0 && offset + last <= this.length) return
    const expected = `a multiple of ${alignmentOf(codec)} from 0 to ${this.length - last}, for ${last} bytes of ${this.length}`
    throw new ArgumentError({ argument, value: offset, expected })
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

/** Of a place in memory: what asks for more than 8 bytes does so for reasons of its own. */
function alignmentOf({ alignment }: Codec<unknown>): number {
  return Math.min(alignment, 8)
}

/** @internal `writable` undefined: for writing where the map allows it, or else for reading. */
export function mapMemory(map: RawMap, writable: boolean | undefined): MappedMemory {
  const native = nativeBinding()
  const handle = native.memoryMap(map.handle, writable ?? true)
  if (typeof handle === 'number') return new MappedMemory(native, handle, map, writable ?? true)
  if (handle.errno === errno.EBADF) throw new ClosedError({ what: 'map', name: map.name })
  const isReadOnly = handle.errno === errno.EPERM || handle.errno === errno.EACCES
  if (writable === undefined && isReadOnly) return mapMemory(map, false)
  throw explain({ operation: `map the memory of ${map.name}`, errno: handle.errno, hint: hints[map.type] ?? noMemory })
}

const noMemory = 'only arrays made with BPF_F_MMAPABLE can be mapped, and frozen ones only for reading'
const hints: { readonly [type: string]: string } = {
  arena:
    'an arena lies at one address in every process: this one has something else there, or the arena was made without an address, and ' +
    'only the process that mapped it first knows it',
}
