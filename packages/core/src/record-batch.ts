/**
 * Records that were taken out of a ring, in memory of their own: nothing that comes later changes them.
 *
 * @example
 * ```ts
 * import { RawMap, RingReader } from '@millrace/core'
 *
 * using map = RawMap.open('/sys/fs/bpf/drops')
 * using reader = RingReader.of(map)
 * const batch = reader.take()
 * for (let i = 0; i < (batch?.records ?? 0); i++) console.log(batch?.record(i))
 * ```
 */
export class RecordBatch {
  /** how many */
  readonly records: number
  /** over all of them, padding included */
  readonly view: DataView
  /** of each record the place of its first byte in the view, a multiple of 8, and its length in bytes */
  readonly index: Uint32Array

  /** @internal */
  constructor(bytes: Uint8Array, index: Uint32Array, records: number) {
    this.records = records
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.index = index
  }

  /** A record's bytes, no copy. */
  record(record: number): Uint8Array {
    const [begin = 0, length = 0] = this.index.subarray(2 * record, 2 * record + 2)
    return new Uint8Array(this.view.buffer, this.view.byteOffset + begin, length)
  }
}
