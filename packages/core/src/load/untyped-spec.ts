import type { NativeObject, NativeVariableDescription } from '../binding.js'
import { mapTypes } from '../map-type.js'
import { type ProgramType, programTypes } from '../program-type.js'
import type { RawMap } from '../raw-map.js'
import type { MapSpec, ObjectSpec, ProgramSpec, VariableSpec } from '../spec.js'
import { codecOf, type UntypedValue } from './layout-codec.js'
import type { ObjectFile } from './source.js'

/** The spec of an object that has no generated module: everything by its C name, maps as bytes. */
export interface UntypedSpec extends ObjectSpec {
  readonly maps: Readonly<Record<string, MapSpec<RawMap>>>
  readonly programs: Readonly<Record<string, ProgramSpec<ProgramType>>>
  readonly constants: Readonly<Record<string, VariableSpec<UntypedValue>>>
  readonly variables: Readonly<Record<string, VariableSpec<UntypedValue>>>
}

/** What a generated module would say, as far as the object alone tells. */
export function untypedSpec({ name, file }: ObjectFile, object: NativeObject): UntypedSpec {
  const maps = object.maps.filter(({ isInternal }) => !isInternal)
  return {
    name,
    file,
    maps: byName(maps, (map) => ({
      name: map.name,
      type: mapTypes.nameOf(map.type),
      maxEntries: map.maxEntries,
      wrap: asIs,
    })),
    programs: byName(object.programs, (it) => ({
      name: it.name,
      type: programTypes.nameOf(it.type),
      section: it.section,
    })),
    constants: byName(object.variables.filter(isIn(/^\.rodata/)), variable),
    variables: byName(object.variables.filter(isIn(/^\.(data|bss|addr_space)/)), variable),
  }
}

function variable({ name, section, offset, size, layout }: NativeVariableDescription): VariableSpec<UntypedValue> {
  return { name, section, offset, codec: codecOf(layout, size) }
}

function isIn(section: RegExp): (variable: NativeVariableDescription) => boolean {
  return (it) => section.test(it.section)
}

function asIs(raw: RawMap): RawMap {
  return raw
}

function byName<D extends { readonly name: string }, R>(
  descriptions: readonly D[],
  make: (it: D) => R,
): Record<string, R> {
  const made: Record<string, R> = {}
  for (const it of descriptions) made[it.name] = make(it)
  return made
}
