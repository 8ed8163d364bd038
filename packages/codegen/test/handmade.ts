/** Makes BTF and ELF by hand, for what clang does not write: older forms, and broken files. */

/** The kinds of BTF types by their numbers in the kernel's btf.h. */
export const kind = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  forward: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  function: 12,
  prototype: 13,
  variable: 14,
  dataSection: 15,
  float: 16,
  declTag: 17,
  typeTag: 18,
  enum64: 19,
} as const

export class BtfBuilder {
  readonly #types: number[] = []
  #strings = '\0'
  #count = 0

  /** Adds a type and returns its id. `words` are what follows its three words. */
  add(
    kindNumber: number,
    name: string,
    sizeOrType: number,
    words: readonly number[] = [],
    count = 0,
    kindFlag = false,
  ): number {
    const info = ((kindFlag ? 2 ** 31 : 0) + kindNumber * 2 ** 24 + count) >>> 0
    this.#types.push(this.string(name), info, sizeOrType, ...words)
    return ++this.#count
  }

  /** `bits` and `shift` are of the older form of bit-fields. */
  int(
    name: string,
    size: number,
    options: { signed?: boolean; bool?: boolean; bits?: number; shift?: number } = {},
  ): number {
    const encoding = (options.signed ? 1 : 0) | (options.bool ? 4 : 0)
    return this.add(kind.int, name, size, [
      (encoding << 24) | ((options.shift ?? 0) << 16) | (options.bits ?? size * 8),
    ])
  }

  /** Offsets in bits. */
  struct(
    name: string,
    size: number,
    members: readonly (readonly [name: string, type: number, offset: number])[],
  ): number {
    const words = members.flatMap(([member, type, offset]) => [this.string(member), type, offset])
    return this.add(kind.struct, name, size, words, members.length)
  }

  array(element: number, length: number): number {
    return this.add(kind.array, '', 0, [element, element, length])
  }

  variable(name: string, type: number): number {
    return this.add(kind.variable, name, type, [1])
  }

  dataSection(name: string, variables: readonly number[]): number {
    return this.add(
      kind.dataSection,
      name,
      0,
      variables.flatMap((id) => [id, 0, 0]),
      variables.length,
    )
  }

  string(text: string): number {
    if (text === '') return 0
    const offset = Buffer.byteLength(this.#strings)
    this.#strings += `${text}\0`
    return offset
  }

  build(): Uint8Array {
    const types = words(this.#types)
    const strings = Buffer.from(this.#strings)
    const header = words([0x0001eb9f, 24, 0, types.length, types.length, strings.length])
    return Buffer.concat([header, types, strings])
  }
}

/** A section for elf(); `flags` 4 is executable. */
export interface SectionModel {
  readonly name: string
  readonly bytes?: Uint8Array
  readonly flags?: number
}

/** A symbol for elf(); a function or a variable, global unless said otherwise. */
export interface SymbolModel {
  readonly name: string
  readonly section: string
  readonly value?: number
  readonly isFunction?: boolean
  readonly isLocal?: boolean
}

/** An ELF64-LE object for eBPF. */
export function elf(sections: readonly SectionModel[], symbols: readonly SymbolModel[] = []): Uint8Array {
  const names = ['', '.shstrtab', '.strtab', '.symtab', ...sections.map(({ name }) => name)]
  const [nameTable, nameOffsets] = stringTable(names)
  const [symbolNames, symbolOffsets] = stringTable(symbols.map(({ name }) => name))
  const entries = symbols.map(({ section, value = 0, isFunction = false, isLocal = false }, index) => {
    const entry = Buffer.alloc(24)
    entry.writeUInt32LE(symbolOffsets[index] ?? 0, 0)
    entry.writeUInt8(((isLocal ? 0 : 1) << 4) | (isFunction ? 2 : 1), 4)
    entry.writeUInt16LE(names.indexOf(section), 6)
    entry.writeBigUInt64LE(BigInt(value), 8)
    return entry
  })
  const contents = [
    { bytes: Buffer.alloc(0), type: 0, flags: 0, link: 0 },
    { bytes: nameTable, type: 3, flags: 0, link: 0 },
    { bytes: symbolNames, type: 3, flags: 0, link: 0 },
    { bytes: Buffer.concat([Buffer.alloc(24), ...entries]), type: 2, flags: 0, link: 2 },
    ...sections.map(({ bytes = Buffer.alloc(0), flags = 2 }) => ({ bytes, type: 1, flags, link: 0 })),
  ]
  let offset = 64 + contents.length * 64
  const headers = contents.map(({ bytes, type, flags, link }, index) => {
    const header = Buffer.alloc(64)
    header.writeUInt32LE(nameOffsets[index] ?? 0, 0)
    header.writeUInt32LE(type, 4)
    header.writeBigUInt64LE(BigInt(flags), 8)
    header.writeBigUInt64LE(BigInt(offset), 24)
    header.writeBigUInt64LE(BigInt(bytes.length), 32)
    header.writeUInt32LE(link, 40)
    offset += bytes.length
    return header
  })
  return Buffer.concat([fileHeader(contents.length), ...headers, ...contents.map(({ bytes }) => bytes)])
}

function fileHeader(sectionCount: number): Buffer {
  const header = Buffer.alloc(64)
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  header.writeUInt16LE(1, 16)
  header.writeUInt16LE(247, 18)
  header.writeBigUInt64LE(64n, 40)
  header.writeUInt16LE(64, 58)
  header.writeUInt16LE(sectionCount, 60)
  header.writeUInt16LE(1, 62)
  return header
}

function stringTable(names: readonly string[]): [bytes: Buffer, offsets: number[]] {
  let text = '\0'
  const offsets = names.map((name) => {
    const offset = Buffer.byteLength(text)
    text += `${name}\0`
    return name === '' ? 0 : offset
  })
  return [Buffer.from(text), offsets]
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, index * 4)
  return bytes
}
