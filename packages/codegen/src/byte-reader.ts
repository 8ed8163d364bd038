import { ObjectFormatError } from './errors.js'

/** Little-endian reads that end in a typed error, whatever offset a broken file asks for. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** names the bytes in errors: `section .BTF` */
  readonly #what: string

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#what = what
  }

  get length(): number {
    return this.#bytes.length
  }

  u8(offset: number): number {
    return this.#view.getUint8(this.#checked(offset, 1))
  }

  u16(offset: number): number {
    return this.#view.getUint16(this.#checked(offset, 2), true)
  }

  u32(offset: number): number {
    return this.#view.getUint32(this.#checked(offset, 4), true)
  }

  i32(offset: number): number {
    return this.#view.getInt32(this.#checked(offset, 4), true)
  }

  /** A 64-bit offset or size; one that a number cannot hold lies beyond every file. */
  u64(offset: number): number {
    return Number(this.#view.getBigUint64(this.#checked(offset, 8), true))
  }

  slice(offset: number, length: number): Uint8Array {
    this.#checked(offset, length)
    return this.#bytes.subarray(offset, offset + length)
  }

  /** A string that ends in a NUL byte. */
  string(offset: number): string {
    this.#checked(offset, 1)
    const length = this.#bytes.subarray(offset, offset + maxString).indexOf(0)
    if (length === -1) throw new ObjectFormatError(`${this.#what} is broken: the string at byte ${offset} has no end`)
    return decoder.decode(this.#bytes.subarray(offset, offset + length))
  }

  #checked(offset: number, length: number): number {
    if (offset + length <= this.#bytes.length) return offset
    throw new ObjectFormatError(
      `${this.#what} is cut short: ${length} bytes at ${offset} are asked for, and it has ${this.#bytes.length}`,
    )
  }
}

/** More than any name has: a broken file could make us read the same bytes over and over. */
const maxString = 4096

const decoder = new TextDecoder()
