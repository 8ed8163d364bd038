import { nativeBinding } from './binding.js'
import { checkInteger, checkOptions } from './check.js'
import { errno } from './errno.js'
import { ClosedError } from './errors/index.js'
import { explain } from './explain.js'
import { checkMap, type RawMap } from './raw-map.js'
import { RecordReader, type RecordReaderParts } from './record-reader.js'

/** How to read a ring buffer. */
export interface RingReaderOptions {
  /** bytes that one drain takes at most; grows when a single record is longer; default 65536 */
  readonly batchSize?: number | undefined
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
export class RingReader extends RecordReader {
  #bytes: Uint8Array
  #view: DataView

  private constructor(parts: RecordReaderParts) {
    super(parts)
    this.#bytes = new Uint8Array(parts.batchSize)
    this.#view = new DataView(this.#bytes.buffer)
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
    if (typeof handle === 'number') {
      const { name, maxEntries: capacity } = map
      return new RingReader({
        native,
        handle,
        what: 'ring buffer',
        name,
        capacity,
        batchSize: Math.ceil(batchSize / 8) * 8,
        tellsOnce: false,
      })
    }
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
    return this.index[2 * record] ?? 0
  }

  /** Bytes of a record of the last drain. */
  length(record: number): number {
    return this.index[2 * record + 1] ?? 0
  }

  /**
   * Takes records out of the ring, as many as there are and the batch holds, at most `max`; returns how many. Never waits.
   *
   * @throws KernelError EBADMSG when another reader has spoilt the positions
   * @throws ClosedError
   */
  drain(max = Number.POSITIVE_INFINITY): number {
    if (max !== Number.POSITIVE_INFINITY) checkInteger('max', max, 0, Number.MAX_SAFE_INTEGER)
    const index = 2 * max < this.index.length ? this.index.subarray(0, 2 * max) : this.index
    if (index.length === 0) return 0
    let records = this.native.ringDrain(this.handle, this.#bytes, index)
    if (records === -errno.EMSGSIZE) {
      this.#grow(index[0] ?? 0)
      records = this.native.ringDrain(this.handle, this.#bytes, index)
    }
    return this.found(records)
  }

  #grow(length: number): void {
    const size = 2 ** Math.ceil(Math.log2(length))
    this.#bytes = new Uint8Array(size)
    this.#view = new DataView(this.#bytes.buffer)
  }
}
