import type { Program } from '../program.js'
import type { RawMap } from '../raw-map.js'
import type { ObjectSpec } from '../spec.js'
import type { LoadOptions } from './load-options.js'
import type { ObjectFile } from './source.js'

/** Where the programs of a loaded object come from: all that loading one of them once more takes. */
export interface ObjectOrigin {
  /** the object file, as it was read then */
  readonly file: ObjectFile
  /** of the generated module; for a path or bytes, what the object itself tells */
  readonly spec: ObjectSpec
  /** of the first load */
  readonly options: LoadOptions<ObjectSpec, string>
  /** all maps of the live object, by C name; `.rodata`, `.bss` and their kind by section */
  readonly maps: ReadonlyMap<string, RawMap>
  /** what owns those maps: a LoadedObject, or an instance that loadAgain made */
  readonly owner: { readonly closed: boolean }
}

/** Where one program comes from. */
export interface ProgramOrigin extends ObjectOrigin {
  /** in C */
  readonly name: string
}

/** Where a program comes from; undefined for one that was opened from a pin or by its id. */
export function originOf(program: Program): ProgramOrigin | undefined {
  return program.origin === undefined ? undefined : { ...program.origin, name: program.name }
}
