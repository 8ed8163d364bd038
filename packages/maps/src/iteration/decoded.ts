import type { RawMap } from '@millrace/core'
import type { Batch } from './entry-buffers.js'
import type { ConcurrentChange } from './iteration-options.js'
import { readEntries } from './read-entries.js'

/** Makes something of an entry: its key begins at `keyAt` of `keys`, its value at `valueAt` of `values`. */
export type DecodeEntry<T> = (keys: DataView, keyAt: number, values: DataView, valueAt: number) => T

/** All entries of a map, each made into what `decode` returns. */
export function decodedEntries<T>(raw: RawMap, policy: ConcurrentChange, decode: DecodeEntry<T>): IterableIterator<T> {
  return new DecodedEntries(raw, readEntries(raw, policy)[Symbol.iterator](), decode)
}

const none = new DataView(new ArrayBuffer(0))

/** An iterator by hand: resuming a generator for each entry would cost as much again as decoding it. */
class DecodedEntries<T> implements IterableIterator<T> {
  private readonly keySize: number
  private readonly valueSize: number
  private readonly batches: Iterator<Batch, void>
  private readonly decode: DecodeEntry<T>
  private keys: DataView = none
  private values: DataView = none
  private index = 0
  private count = 0

  constructor(raw: RawMap, batches: Iterator<Batch, void>, decode: DecodeEntry<T>) {
    this.keySize = raw.keySize
    this.valueSize = raw.valueBufferSize
    this.batches = batches
    this.decode = decode
  }

  next(): IteratorResult<T, undefined> {
    if (this.index === this.count && !this.nextBatch()) return { value: undefined, done: true }
    const index = this.index++
    const value = this.decode(this.keys, index * this.keySize, this.values, index * this.valueSize)
    return { value, done: false }
  }

  return(): IteratorResult<T, undefined> {
    this.index = this.count = 0
    this.batches.return?.()
    return { value: undefined, done: true }
  }

  [Symbol.iterator](): this {
    return this
  }

  /** False at the end. No batch is empty. */
  private nextBatch(): boolean {
    const { value: batch } = this.batches.next()
    this.index = this.count = 0
    if (!batch) return false
    this.keys = new DataView(batch.keys.buffer)
    this.values = new DataView(batch.values.buffer)
    this.count = batch.count
    return true
  }
}
