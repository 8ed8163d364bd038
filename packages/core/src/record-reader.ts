import type { Binding, Handle } from './binding.js'
import { checkSignal } from './check.js'
import { errno } from './errno.js'
import { ClosedError } from './errors/index.js'
import { explain } from './explain.js'
import { closedInTime, watchForLeak } from './leak-watch.js'
import { RecordBatch } from './record-batch.js'

interface Waiter {
  readonly readable: () => void
  readonly failed: (error: Error) => void
}

/** What a reader is made of. */
export interface RecordReaderParts {
  readonly native: Binding
  readonly handle: Handle
  /** `ring buffer` */
  readonly what: string
  /** of the map */
  readonly name: string
  /** bytes */
  readonly capacity: number
  /** bytes */
  readonly batchSize: number
  /** its descriptor tells of records once, to whoever looks first */
  readonly tellsOnce: boolean
}

/** Turns of the event loop within which a descriptor that is to be watched surely is. */
const TURNS = 2

/**
 * Reads records out of memory that the kernel shares with this process: {@link RingReader} and {@link PerfReader}.
 *
 * @example
 * ```ts
 * import type { RecordReader } from '@millrace/core'
 *
 * async function print(reader: RecordReader, signal: AbortSignal) {
 *   for (;;) {
 *     await reader.wait(signal)
 *     for (let batch = reader.take(); batch !== undefined; batch = reader.take()) {
 *       for (let i = 0; i < batch.records; i++) console.log(batch.record(i))
 *     }
 *   }
 * }
 * ```
 */
export abstract class RecordReader implements Disposable {
  /** Bytes that wait for the reader at most. */
  readonly capacity: number
  protected readonly native: Binding
  protected readonly handle: Handle
  protected readonly index: Uint32Array
  readonly #what: string
  readonly #name: string
  readonly #batchSize: number
  readonly #tellsOnce: boolean
  readonly #waiters = new Set<Waiter>()
  /** The last drain found nothing: what waits, if anything, is not committed yet. */
  #dry = false
  #closed = false

  protected constructor({ native, handle, what, name, capacity, batchSize, tellsOnce }: RecordReaderParts) {
    this.native = native
    this.handle = handle
    this.capacity = capacity
    this.index = new Uint32Array(batchSize / 4)
    this.#what = what
    this.#name = name
    this.#batchSize = batchSize
    this.#tellsOnce = tellsOnce
    watchForLeak(this, `${what} reader of`, name)
  }

  /** Bytes that wait, headers and records that are not finished yet included. */
  get available(): number {
    return this.check(this.native.ringAvailable(this.handle))
  }

  /**
   * Takes records, as many as there are and a batch holds, into memory of their own; undefined where there are none. Never waits.
   *
   * @throws KernelError EBADMSG when another reader has spoilt the positions
   * @throws ClosedError
   */
  take(): RecordBatch | undefined {
    let bytes = Buffer.allocUnsafeSlow(Math.min(this.available, this.#batchSize))
    let records = bytes.length === 0 ? 0 : this.native.ringDrain(this.handle, bytes, this.index)
    if (records === -errno.EMSGSIZE) {
      bytes = Buffer.allocUnsafeSlow(this.index[0] ?? 0)
      records = this.native.ringDrain(this.handle, bytes, this.index)
    }
    return this.found(records) === 0 ? undefined : new RecordBatch(bytes, this.index.slice(0, 2 * records), records)
  }

  /**
   * Resolves when there are records, at once when they are there already. Those that a program sends without a notification are
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
        if (this.#waiters.size === 0) this.native.ringStop(this.handle)
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
    this.native.ringStop(this.handle)
    this.native.close(this.handle)
    for (const { failed } of [...this.#waiters]) failed(this.#closedError())
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** What a drain returned: how many records, or an error. */
  protected found(records: number): number {
    this.#dry = records === 0
    return this.check(records)
  }

  protected check(result: number): number {
    if (result < 0) throw this.#error(result)
    return result
  }

  #listen(): void {
    const result = this.native.ringWait(this.handle, () => this.#readable())
    if (result < 0) for (const { failed } of [...this.#waiters]) failed(this.#error(result))
    else if (this.#tellsOnce) this.#lookAgain(TURNS)
  }

  #readable(): void {
    for (const { readable } of [...this.#waiters]) readable()
  }

  /**
   * What comes before the event loop has told the kernel to watch is told to the kernel's own first look, and is gone
   * when the kernel looks a second time to say so: the loop would sleep over it. It does not sleep before these looks.
   */
  #lookAgain(turns: number): void {
    setImmediate(() => {
      if (this.#closed || this.#waiters.size === 0) return
      if (this.available > 0) {
        this.native.ringStop(this.handle)
        this.#readable()
      } else if (turns > 1) this.#lookAgain(turns - 1)
    })
  }

  #error(result: number): Error {
    if (result === -errno.EBADF) return this.#closedError()
    return explain({ operation: `read the ${this.#what} ${this.#name}`, errno: result })
  }

  #closedError(): ClosedError {
    return new ClosedError({ what: this.#what, name: this.#name })
  }
}
