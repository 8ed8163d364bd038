import type { Handle } from './handle.js'

/** Flattened layout of a C type, one line a field; see codec.ts for the notation. */
export type LayoutLines = readonly string[]

export interface NativeMapDescription {
  readonly name: string
  /** enum bpf_map_type */
  readonly type: number
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
  readonly flags: number
  /** set by LIBBPF_PIN_BY_NAME (under the pin root) or null */
  readonly pinPath: string | null
  /** .rodata, .data, .bss and their kind */
  readonly isInternal: boolean
  /** a program array with programs in its C source, which loading puts there: into whichever map stands for it */
  readonly isFilled: boolean
  readonly key: LayoutLines | null
  readonly value: LayoutLines | null
  /** of a map of maps: what it holds */
  readonly inner?: NativeMapDescription | undefined
}

export interface NativeProgramDescription {
  readonly name: string
  /** ELF section, such as `xdp.frags` */
  readonly section: string
  /** enum bpf_prog_type */
  readonly type: number
  /** enum bpf_attach_type */
  readonly attachType: number
  readonly autoload: boolean
  readonly flags: number
}

export interface NativeVariableDescription {
  readonly name: string
  /** `.rodata`, `.data`, `.bss`, `.millrace` or a suffixed form such as `.rodata.config` */
  readonly section: string
  /** bytes from the start of the section */
  readonly offset: number
  readonly size: number
  /** for a pointer in section `.millrace`, of what it points to */
  readonly layout: LayoutLines
}

export interface NativeObject {
  readonly handle: Handle
  /** what was read, of a file that was given by its path */
  readonly image?: Uint8Array | undefined
  readonly maps: readonly NativeMapDescription[]
  readonly programs: readonly NativeProgramDescription[]
  readonly variables: readonly NativeVariableDescription[]
}

/** What the addon says of an object file: a row for each thing in it, which is quicker to make than an object with names. */
export interface ObjectRows {
  readonly handle: Handle
  readonly image: Uint8Array | undefined
  readonly maps: readonly MapRow[]
  readonly programs: readonly ProgramRow[]
  readonly variables: readonly VariableRow[]
}

type MapRow = readonly [
  name: string,
  type: number,
  keySize: number,
  valueSize: number,
  maxEntries: number,
  flags: number,
  pinPath: string | null,
  isInternal: boolean,
  isFilled: boolean,
  key: LayoutLines | null,
  value: LayoutLines | null,
  inner: MapRow | null,
]

type ProgramRow = readonly [
  name: string,
  section: string,
  type: number,
  attachType: number,
  autoload: boolean,
  flags: number,
]

type VariableRow = readonly [name: string, section: string, offset: number, size: number, layout: LayoutLines]

/** The rows with names to their columns. */
export function describeObject({ handle, image, maps, programs, variables }: ObjectRows): NativeObject {
  return {
    handle,
    image,
    maps: maps.map(describeMap),
    programs: programs.map(describeProgram),
    variables: variables.map(describeVariable),
  }
}

function describeMap(row: MapRow): NativeMapDescription {
  const [name, type, keySize, valueSize, maxEntries, flags, pinPath, isInternal, isFilled, key, value, held] = row
  const inner = held === null ? undefined : describeMap(held)
  return { name, type, keySize, valueSize, maxEntries, flags, pinPath, isInternal, isFilled, key, value, inner }
}

function describeProgram([name, section, type, attachType, autoload, flags]: ProgramRow): NativeProgramDescription {
  return { name, section, type, attachType, autoload, flags }
}

function describeVariable([name, section, offset, size, layout]: VariableRow): NativeVariableDescription {
  return { name, section, offset, size, layout }
}
