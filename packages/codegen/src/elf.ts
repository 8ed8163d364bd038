import { ByteReader } from './byte-reader.js'
import { ObjectFormatError } from './errors.js'

/** A section of an object file. */
export interface Section {
  readonly index: number
  readonly name: string
  /** holds instructions (SHF_EXECINSTR) */
  readonly isExecutable: boolean
  /** empty for one without bytes in the file (SHT_NOBITS), such as `.bss` */
  readonly bytes: Uint8Array
  /** bytes in memory */
  readonly size: number
}

/** A named place in a section. */
export interface ElfSymbol {
  readonly name: string
  /** index of the section that it lies in */
  readonly section: number
  /** bytes from the start of the section */
  readonly value: number
  readonly isFunction: boolean
  /** weak ones included */
  readonly isGlobal: boolean
}

/** The parts of an ELF file that describe an eBPF object. */
export interface Elf {
  readonly sections: readonly Section[]
  readonly symbols: readonly ElfSymbol[]
}

interface SectionHeader {
  readonly nameOffset: number
  readonly type: number
  readonly flags: number
  readonly offset: number
  readonly size: number
  readonly link: number
}

const headerSize = 64
const sectionHeaderSize = 64
const symbolSize = 24
const magic = 0x464c457f
const class64 = 2
const littleEndian = 1
const machineBpf = 247
const sectionSymbolTable = 2
const sectionNoBits = 8
const flagExecutable = 0x4
const symbolFunction = 2
const bindLocal = 0

/** Reads a little-endian ELF64 object for eBPF (ELF specification 1.2; field offsets as in elf.h). */
export function readElf(bytes: Uint8Array): Elf {
  const file = new ByteReader(bytes, 'the object file')
  checkHeader(file)
  const headers = readSectionHeaders(file)
  const nameTable = headers[file.u16(62)]
  if (nameTable === undefined) throw new ObjectFormatError('the object file has no table of section names')
  const names = new ByteReader(file.slice(nameTable.offset, nameTable.size), 'the table of section names')
  const sections = headers.map((header, index) => ({
    index,
    name: header.type === 0 ? '' : names.string(header.nameOffset),
    isExecutable: (header.flags & flagExecutable) !== 0,
    bytes: header.type === 0 || header.type === sectionNoBits ? empty : file.slice(header.offset, header.size),
    size: header.size,
  }))
  return { sections, symbols: readSymbols(headers, sections) }
}

function checkHeader(file: ByteReader): void {
  if (file.length < headerSize || file.u32(0) !== magic) {
    throw new ObjectFormatError(
      'the file is not an ELF object. bpf2ts reads what clang writes: `clang -target bpf -O2 -g -c firewall.bpf.c -o firewall.bpf.o`',
    )
  }
  if (file.u8(4) !== class64 || file.u8(5) !== littleEndian) {
    throw new ObjectFormatError(
      'the object file is big-endian or 32-bit. Compile with `-target bpf` or `-target bpfel`',
    )
  }
  if (file.u16(18) !== machineBpf) {
    throw new ObjectFormatError(
      `the object file is for another machine (${file.u16(18)}) than eBPF (${machineBpf}). Compile with \`clang -target bpf\``,
    )
  }
}

function readSectionHeaders(file: ByteReader): SectionHeader[] {
  const start = file.u64(40)
  const count = file.u16(60)
  if (file.u16(58) !== sectionHeaderSize)
    throw new ObjectFormatError('the object file has section headers of an unknown size')
  return Array.from({ length: count }, (_, index) => {
    const header = new ByteReader(
      file.slice(start + index * sectionHeaderSize, sectionHeaderSize),
      `the header of section ${index}`,
    )
    return {
      nameOffset: header.u32(0),
      type: header.u32(4),
      flags: header.u64(8),
      offset: header.u64(24),
      size: header.u64(32),
      link: header.u32(40),
    }
  })
}

function readSymbols(headers: readonly SectionHeader[], sections: readonly Section[]): ElfSymbol[] {
  const index = headers.findIndex((header) => header.type === sectionSymbolTable)
  const table = sections[index]
  if (table === undefined) return []
  const names = sections[headers[index]?.link ?? 0]
  if (names === undefined) throw new ObjectFormatError('the symbol table has no table of names')
  const strings = new ByteReader(names.bytes, `section ${names.name}`)
  const reader = new ByteReader(table.bytes, `section ${table.name}`)
  return Array.from({ length: Math.floor(table.bytes.length / symbolSize) }, (_, symbol) => {
    const at = symbol * symbolSize
    const info = reader.u8(at + 4)
    return {
      name: strings.string(reader.u32(at)),
      section: reader.u16(at + 6),
      value: reader.u64(at + 8),
      isFunction: (info & 0xf) === symbolFunction,
      isGlobal: info >> 4 !== bindLocal,
    }
  })
}

const empty = new Uint8Array()
