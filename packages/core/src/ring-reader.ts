import { type Binding, type Handle, nativeBinding } from './binding.js'
import { checkInteger, checkOptions, checkSignal } from './check.js'
import { errno } from './errno.js'
import { ClosedError } from './errors/index.js'
import { explain } from './explain.js'
import { closedInTime, watchForLeak } from './leak-watch.js'
import { checkMap, type RawMap } from './raw-map.js'
import { RecordBatch } from './record-batch.js'

/** How to read a ring buffer. */
export interface RingReaderOptions {
  /** bytes that one drain takes at most; grows when a single record is longer; default 65536 */
  readonly batchSize?: number | undefined
}

interface Waiter {
  readonly readable: () => void
  readonly failed: (error: Error) => void
}

/**
 * Reads the records of a ring buffer map as bytes, in batches, without a system call a record: the ring lies in the memory of
 * this process. It is what `RingBuffer` of `@millrace/maps` stands on. A record goes to whoever drains first, so a ring buffer
 * wants one reader.
 *
 * @kernel 5.8
 *
 * @example
 * ```ts
 * import { RawMap, RingReader } from '@millrace/core'
 *
 * using map = RawMap.open('/sys/fs/bpf/drops')
 * using reader = RingReader.of(map)
 * for (;;) {
 *   await reader.wait()
 *   const records = reader.drain()
 *   for (let i = 0; i < records; i++) console.log(reader.bytes.subarray(reader.offset(i), reader.offset(i) + reader.length(i)))
 * }
 * ```
 */
export class RingReader implements Disposable {
  readonly #native: Binding
  readonly #handle: Handle
  readonly #name: string
  readonly #waiters = new Set<Waiter>()
  readonly #batchSize: number
  #bytes: Uint8Array
  #view: DataView
  #index: Uint32Array
  /** The last drain found nothing: what waits in the ring, if anything, is not committed yet. */
  #dry = false
  #closed = false

  /** Bytes of the ring. */
  readonly capacity: number

  private constructor(native: Binding, handle: Handle, map: RawMap, batchSize: number) {
    this.#native = native
    this.#handle = handle
    this.#name = map.name
    this.capacity = map.maxEntries
    this.#batchSize = batchSize
    this.#bytes = new Uint8Array(batchSize)
    this.#view = new DataView(this.#bytes.buffer)
    this.#index = new Uint32Array(batchSize / 4)
    watchForLeak(this, 'ring buffer reader of', map.name)
  }

  /**
   * Opens the ring. The reader is closed on its own, and works on when the map is closed.
   *
   * @throws KernelError EINVAL for another kind of map
   * @throws ClosedError
   */
  static of(map: RawMap, options: RingReaderOptions = {}): RingReader {
    checkMap('map', map)
    checkOptions('options', options, ['batchSize'])
    const batchSize = checkInteger('options.batchSize', options.batchSize ?? 65536, 64, 1 << 30)
    const native = nativeBinding()
    const handle = native.ringOpen(map.handle)
    if (typeof handle === 'number') return new RingReader(native, handle, map, Math.ceil(batchSize / 8) * 8)
    if (handle.errno === errno.EBADF) throw new ClosedError({ what: 'map', name: map.name })
    const hint = `a ${map.type} map is no ring buffer`
    throw explain({
      operation: `read the ring buffer ${map.name}`,
      errno: handle.errno,
      hint: map.type === 'ringbuf' ? undefined : hint,
    })
  }

  /** The records of the last drain, each at an offset that is a multiple of 8. The next drain writes over them. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** Over {@link RingReader.bytes}. */
  get view(): DataView {
    return this.#view
  }

  /** Where a record of the last drain begins in {@link RingReader.bytes}. */
  offset(record: number): number {
    return this.#index[2 * record] ?? 0
  }

  /** Bytes of a record of the last drain. */
  length(record: number): number {
    return this.#index[2 * record + 1] ?? 0
  }

  /** Bytes that wait in the ring, headers and records that are not finished yet included. */
  get available(): number {
    return this.#check(this.#native.ringAvailable(this.#handle))
  }

  /**
   * Takes records out of the ring, as many as there are and the batch holds, at most `max`; returns how many. Never waits.
   *
   * @throws KernelError EBADMSG when another reader has spoilt the positions
   * @throws ClosedError
   */
  drain(max = Number.POSITIVE_INFINITY): number {
    if (max !== Number.POSITIVE_INFINITY) checkInteger('max', max, 0, Number.MAX_SAFE_INTEGER)
    const index = 2 * max < this.#index.length ? this.#index.subarray(0, 2 * max) : this.#index
    if (index.length === 0) return 0
    let records = this.#native.ringDrain(this.#handle, this.#bytes, index)
    if (records === -errno.EMSGSIZE) {
      this.#grow(index[0] ?? 0)
      records = this.#native.ringDrain(this.#handle, this.#bytes, index)
    }
    this.#dry = records === 0
    return this.#check(records)
  }

  /**
   * Takes records out of the ring as {@link RingReader.drain} does, into memory of their own; undefined where there are none.
   *
   * @throws as {@link RingReader.drain}
   */
  take(): RecordBatch | undefined {
    let bytes = Buffer.allocUnsafeSlow(Math.min(this.available, this.#batchSize))
    let records = bytes.length === 0 ? 0 : this.#native.ringDrain(this.#handle, bytes, this.#index)
    if (records === -errno.EMSGSIZE) {
      bytes = Buffer.allocUnsafeSlow(this.#index[0] ?? 0)
      records = this.#native.ringDrain(this.#handle, bytes, this.#index)
    }
    this.#dry = records === 0
    if (this.#check(records) === 0) return undefined
    return new RecordBatch(bytes, this.#index.slice(0, 2 * records), records)
  }

  /**
   * Resolves when there are records, at once when they are there already. Those that a program submits with BPF_RB_NO_WAKEUP are
   * found then, but do not end a wait. An ongoing wait keeps the process alive.
   *
   * @param signal - ends the wait: the promise is rejected with the signal's reason
   * @throws ClosedError, also when the reader is closed meanwhile
   */
  async wait(signal?: AbortSignal | undefined): Promise<void> {
    checkSignal('signal', signal)
    signal?.throwIfAborted()
    if (this.available > 0 && !this.#dry) return
    await new Promise<void>((resolve, reject) => {
      const done = () => {
        this.#waiters.delete(waiter)
        signal?.removeEventListener('abort', aborted)
      }
      const waiter: Waiter = {
        readable() {
          done()
          resolve()
        },
        failed(error) {
          done()
          reject(error)
        },
      }
      const aborted = () => {
        done()
        if (this.#waiters.size === 0) this.#native.ringStop(this.#handle)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', aborted)
      this.#waiters.add(waiter)
      if (this.#waiters.size === 1) this.#listen()
    })
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed
  }

  /** Ends waits with a {@link ClosedError}. A second call does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    closedInTime(this)
    this.#native.ringStop(this.#handle)
    this.#native.close(this.#handle)
    for (const { failed } of [...this.#waiters]) failed(this.#closedError())
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #listen(): void {
    const result = this.#native.ringWait(this.#handle, () => {
      for (const { readable } of [...this.#waiters]) readable()
    })
    if (result < 0) for (const { failed } of [...this.#waiters]) failed(this.#error(result))
  }

  #grow(length: number): void {
    const size = 2 ** Math.ceil(Math.log2(length))
    this.#bytes = new Uint8Array(size)
    this.#view = new DataView(this.#bytes.buffer)
  }

  #check(result: number): number {
    if (result < 0) throw this.#error(result)
    return result
  }

  #error(result: number): Error {
    if (result === -errno.EBADF) return this.#closedError()
    return explain({ operation: `read the ring buffer ${this.#name}`, errno: result })
  }

  #closedError(): ClosedError {
    return new ClosedError({ what: 'ring buffer', name: this.#name })
  }
}
