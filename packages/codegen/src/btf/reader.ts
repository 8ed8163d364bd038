import { ByteReader } from '../byte-reader.js'
import { ObjectFormatError } from '../errors.js'
import type { BtfMember, BtfReference, BtfType } from './types.js'

const magic = 0xeb9f
const commonSize = 12
const linkageGlobal = 1

/** Reads the types of a `.BTF` section; the index of each is its id, void being 0. */
export function readBtfTypes(section: Uint8Array): BtfType[] {
  const header = new ByteReader(section, 'section .BTF')
  if (header.u16(0) !== magic) throw new ObjectFormatError('section .BTF is broken: it does not begin with 0xeb9f')
  const headerLength = header.u32(4)
  const types = header.slice(headerLength + header.u32(8), header.u32(12))
  const strings = header.slice(headerLength + header.u32(16), header.u32(20))
  return new TypeReader(types, strings).readAll()
}

/** A type takes three words, of which this is made, and more after them by its kind. */
interface Entry {
  readonly kind: number
  readonly name: string
  /** number of members, values, parameters or variables */
  readonly count: number
  readonly kindFlag: boolean
  /** size in bytes or the id of a type, by kind */
  readonly sizeOrType: number
  /** where the rest begins */
  readonly at: number
}

/** A type, and how many bytes it takes after its three words. */
type ReadType = readonly [type: BtfType, length: number]

class TypeReader {
  readonly #types: ByteReader
  readonly #strings: ByteReader

  constructor(types: Uint8Array, strings: Uint8Array) {
    this.#types = new ByteReader(types, 'the types of section .BTF')
    this.#strings = new ByteReader(strings, 'the strings of section .BTF')
  }

  readAll(): BtfType[] {
    const result: BtfType[] = [{ kind: 'void', name: '' }]
    let at = 0
    while (at < this.#types.length) {
      const info = this.#types.u32(at + 4)
      const [type, length] = this.#read({
        kind: (info >>> 24) & 0x1f,
        name: this.#string(at),
        count: info & 0xffff,
        kindFlag: info >>> 31 === 1,
        sizeOrType: this.#types.u32(at + 8),
        at: at + commonSize,
      })
      result.push(type)
      at += commonSize + length
    }
    return result
  }

  /** Kinds by their numbers in the kernel's <linux/btf.h>. */
  #read(entry: Entry): ReadType {
    const { name, count, at, sizeOrType: size } = entry
    switch (entry.kind) {
      case 1:
        return [this.#int(entry), 4]
      case 2:
        return reference('pointer', entry)
      case 3:
        return [{ kind: 'array', name: '', element: this.#types.u32(at), length: this.#types.u32(at + 8) }, 12]
      case 4:
      case 5:
        return [{ kind: entry.kind === 4 ? 'struct' : 'union', name, size, members: this.#members(entry) }, count * 12]
      case 6:
        return this.#enum(entry, 8)
      case 7:
        return [{ kind: 'forward', name }, 0]
      case 8:
        return reference('typedef', entry)
      case 9:
        return reference('volatile', entry)
      case 10:
        return reference('const', entry)
      case 11:
        return reference('restrict', entry)
      case 12:
        return reference('function', entry)
      case 13:
        return [{ kind: 'function_prototype', name: '' }, count * 8]
      case 14:
        return [{ kind: 'variable', name, type: size, isGlobal: this.#types.u32(at) === linkageGlobal }, 4]
      case 15:
        return [
          { kind: 'data_section', name, variables: list(count, (index) => this.#types.u32(at + index * 12)) },
          count * 12,
        ]
      case 16:
        return [{ kind: 'float', name, size }, 0]
      case 17:
        return reference('decl_tag', entry, 4)
      case 18:
        return reference('type_tag', entry)
      case 19:
        return this.#enum(entry, 12)
      default:
        throw new ObjectFormatError(
          `section .BTF has a type of kind ${entry.kind}, which this version of bpf2ts does not know`,
        )
    }
  }

  #int({ name, sizeOrType: size, at }: Entry): BtfType {
    const word = this.#types.u32(at)
    return {
      kind: 'int',
      name,
      size,
      isSigned: (word & 0x0100_0000) !== 0,
      isBool: (word & 0x0400_0000) !== 0,
      bitOffset: (word >>> 16) & 0xff,
      bits: word & 0xff,
    }
  }

  #members({ count, kindFlag, at }: Entry): BtfMember[] {
    return list(count, (index) => {
      const member = at + index * 12
      const place = this.#types.u32(member + 8)
      return {
        name: this.#string(member),
        type: this.#types.u32(member + 4),
        offset: kindFlag ? place & 0xff_ffff : place,
        bits: kindFlag ? place >>> 24 : 0,
      }
    })
  }

  /** `stride` is 8 bytes a value, and 12 for values of 64 bits. */
  #enum({ name, count, kindFlag: isSigned, sizeOrType: size, at }: Entry, stride: 8 | 12): ReadType {
    const values = list(count, (index) => {
      const value = at + index * stride
      const low = BigInt(this.#types.u32(value + 4))
      const bits = stride === 8 ? low : low | (BigInt(this.#types.u32(value + 8)) << 32n)
      return { name: this.#string(value), value: isSigned ? BigInt.asIntN(stride === 8 ? 32 : 64, bits) : bits }
    })
    return [{ kind: 'enum', name, size, isSigned, values }, count * stride]
  }

  /** The string whose offset stands at `at`. */
  #string(at: number): string {
    return this.#strings.string(this.#types.u32(at))
  }
}

function reference(kind: BtfReference['kind'], { name, sizeOrType }: Entry, length = 0): ReadType {
  return [{ kind, name, type: sizeOrType }, length]
}

function list<T>(length: number, read: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => read(index))
}
