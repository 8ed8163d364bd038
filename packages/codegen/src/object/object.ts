import { Btf } from '../btf/btf.js'
import type { TypeId } from '../btf/types.js'
import { readElf } from '../elf.js'
import { ObjectFormatError } from '../errors.js'
import { readEvents } from './events.js'
import { type MapDeclaration, readMaps } from './maps.js'
import { readMetadata } from './metadata.js'
import { type ProgramDeclaration, readPrograms } from './programs.js'
import { readConstants, readVariables, type VariableDeclaration } from './variables.js'

/** What an object file declares and user space can reach. */
export interface ObjectDeclarations {
  readonly btf: Btf
  readonly maps: readonly MapDeclaration[]
  readonly programs: readonly ProgramDeclaration[]
  readonly constants: readonly VariableDeclaration[]
  readonly variables: readonly VariableDeclaration[]
  /** types of ring buffers' records, by the C name of the map */
  readonly events: ReadonlyMap<string, TypeId>
  /** type of what stages of a chain pass on with a packet */
  readonly metadata: TypeId | undefined
}

export function readObject(bytes: Uint8Array): ObjectDeclarations {
  const elf = readElf(bytes)
  const section = elf.sections.find(({ name }) => name === '.BTF')
  if (section === undefined) {
    throw new ObjectFormatError(
      'the object file has no type information (BTF). Compile with -g: `clang -target bpf -O2 -g`',
    )
  }
  if (elf.sections.some(({ name }) => name === 'maps')) {
    throw new ObjectFormatError(
      'the object file has maps in the old section "maps". Declare them in SEC(".maps") with __uint() and __type()',
    )
  }
  const btf = new Btf(section.bytes)
  const maps = readMaps(btf)
  return {
    btf,
    maps,
    programs: readPrograms(elf),
    constants: readConstants(btf, elf),
    variables: readVariables(btf, elf),
    events: readEvents(btf, maps),
    metadata: readMetadata(btf),
  }
}
