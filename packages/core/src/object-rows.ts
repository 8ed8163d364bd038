import type {
  Handle,
  LayoutLines,
  NativeMapDescription,
  NativeObject,
  NativeProgramDescription,
  NativeVariableDescription,
} from './binding.js'

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
  const [name, type, keySize, valueSize, maxEntries, flags, pinPath, isInternal, isFilled, key, value] = row
  return { name, type, keySize, valueSize, maxEntries, flags, pinPath, isInternal, isFilled, key, value }
}

function describeProgram([name, section, type, attachType, autoload, flags]: ProgramRow): NativeProgramDescription {
  return { name, section, type, attachType, autoload, flags }
}

function describeVariable([name, section, offset, size, layout]: VariableRow): NativeVariableDescription {
  return { name, section, offset, size, layout }
}
