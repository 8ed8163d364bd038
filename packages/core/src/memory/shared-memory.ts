import type { Codec, IntegerType } from '../codec.js'
import { errno } from '../errno.js'
import { ArgumentError } from '../errors/index.js'
import { mapOperationError } from '../map-errors.js'
import type { MapType } from '../map-type.js'
import { copyWords, MOST_BYTES, Words } from './words.js'

/** What memory is made of: the mapping itself, or ways to copy where JavaScript may have no buffer over it. */
export interface MemorySource {
  /** of the map */
  readonly name: string
  readonly type: MapType
  /** bytes */
  readonly length: number
  readonly writable: boolean
  readonly buffer: ArrayBuffer | undefined
  read(offset: number, out: Uint8Array): void
  write(offset: number, bytes: Uint8Array): void
}

/**
 * Mapped memory as views use it. Codecs never see it: they work on a copy, so that none can write where that would end the process,
 * nor keep a reference.
 */
export class SharedMemory {
  readonly name: string
  readonly type: MapType
  readonly length: number
  readonly writable: boolean
  /** the memory itself; undefined where it can only be copied */
  readonly words: Words | undefined
  readonly #source: MemorySource
  #scratch: Words | undefined

  constructor(source: MemorySource) {
    this.name = source.name
    this.type = source.type
    this.length = source.length
    this.writable = source.writable
    const { buffer } = source
    this.words = buffer === undefined || buffer.byteLength > MOST_BYTES ? undefined : new Words(buffer)
    this.#source = source
  }

  /** A copy of the value at `offset`. */
  read<T>(codec: Codec<T>, offset: number): T {
    const scratch = this.#borrow(codec.size)
    try {
      this.#fill(scratch, offset, codec.size)
      return codec.decode(scratch.view, offset & 7)
    } finally {
      this.#scratch = scratch
    }
  }

  /**
   * Writes the value at `offset`: all of it, or nothing when it does not fit its type.
   *
   * @param argument - what its errors call the value
   */
  write<T>(codec: Codec<T>, offset: number, value: T, argument: string): void {
    const { integer, size } = codec
    if (integer !== undefined && (offset & (size - 1)) === 0 && this.#put(integer, offset, value)) return
    this.checkWritable('set')
    const scratch = this.#borrow(codec.size)
    try {
      if (codec.isBitField) this.#fill(scratch, offset, codec.size)
      encode(codec, value, scratch.view, offset & 7, argument)
      if (this.words !== undefined) copyWords(scratch, offset & 7, this.words, offset, codec.size)
      else this.#source.write(offset, scratch.bytes.subarray(offset & 7, (offset & 7) + codec.size))
    } finally {
      this.#scratch = scratch
    }
  }

  checkWritable(operation: string): void {
    if (!this.writable) throw mapOperationError(this, operation, errno.EPERM)
  }

  /** Writes an integer at a multiple of its size, the short way. False, and nothing, where that does not work, whatever the reason. */
  #put(type: IntegerType, offset: number, value: unknown): boolean {
    return this.writable && this.words?.put(type, offset, value) === true
  }

  #fill(scratch: Words, offset: number, length: number): void {
    if (this.words !== undefined) copyWords(this.words, offset, scratch, offset & 7, length)
    else this.#source.read(offset, scratch.bytes.subarray(offset & 7, (offset & 7) + length))
  }

  /** Another one while one is in use: a value's getter may use the same memory. */
  #borrow(size: number): Words {
    const scratch = this.#scratch
    this.#scratch = undefined
    if (scratch !== undefined && scratch.bytes.length >= size + 8) return scratch
    return new Words(new ArrayBuffer(Math.ceil(size / 8) * 8 + 8))
  }
}

/** Encodes with errors that name the value: a codec knows only of its own fields. */
export function encode<T>(codec: Codec<T>, value: T, view: DataView, offset: number, argument: string): void {
  try {
    codec.encode(value, view, offset)
  } catch (error) {
    // A codec that bpf2ts wrote reads fields without asking whether there is an object.
    if (error instanceof TypeError && (value === null || typeof value !== 'object')) {
      throw new ArgumentError({ argument, value, expected: `a value of its type (${error.message})` })
    }
    if (!(error instanceof ArgumentError)) throw error
    throw new ArgumentError({
      argument: pathOf(argument, error.argument),
      value: error.value,
      expected: error.expected,
      suggestion: error.suggestion,
    })
  }
}

function pathOf(argument: string, field: string): string {
  return field === '' || field.startsWith('[') ? argument + field : `${argument}.${field}`
}
