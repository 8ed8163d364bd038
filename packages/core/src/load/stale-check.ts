import type { LayoutLines, NativeMapDescription, NativeObject } from '../binding.js'
import type { Codec } from '../codec.js'
import { type ModuleDifference, StaleModuleError } from '../errors/index.js'
import { mapTypes } from '../map-type.js'
import type { ProgramType } from '../program-type.js'
import { programTypes } from '../program-type.js'
import type { MapSpec, ObjectSpec, ProgramSpec, VariableSpec } from '../spec.js'
import { layoutDifferences } from './layout-difference.js'

/**
 * Compares a generated module with the object file, as libbpf reads it. Only what the module names is compared: what an
 * object has besides cannot be read wrong.
 *
 * @throws StaleModuleError with every difference
 */
export function checkNotStale(spec: ObjectSpec, object: NativeObject, file: string): void {
  const differences = [
    ...Object.values(spec.maps).flatMap((map) => mapDifferences(map, object)),
    ...Object.values(spec.programs).flatMap((program) => programDifferences(program, object)),
    ...Object.values(spec.constants).flatMap((constant) => variableDifferences('constant', constant, object)),
    ...Object.values(spec.variables).flatMap((variable) => variableDifferences('variable', variable, object)),
  ]
  if (differences.length > 0) throw new StaleModuleError({ object: file, differences })
}

function mapDifferences(spec: MapSpec<unknown>, object: NativeObject): ModuleDifference[] {
  const what = `map ${spec.name}`
  const map = object.maps.find(({ name }) => name === spec.name)
  if (map === undefined) return [{ what, object: undefined, module: spec.type }]
  const marker = object.variables.find(({ name }) => name === `__event_of_${spec.name}`)?.layout
  const differences = declarationDifferences(what, spec, map, marker)
  if (spec.inner === undefined) return differences
  const inner = `${what}, inner map`
  if (map.inner === undefined) return [...differences, { what: inner, object: undefined, module: spec.inner.type }]
  // User space makes such maps, too: the kernel wants them to have the same flags.
  differences.push(...compare([[`${inner}, flags`, map.inner.flags, spec.inner.flags ?? 0]]))
  return [...differences, ...declarationDifferences(inner, spec.inner, map.inner, marker)]
}

/** @param marker - layout of the events, where the object says it */
function declarationDifferences(
  what: string,
  spec: MapSpec<unknown>,
  map: NativeMapDescription,
  marker: LayoutLines | undefined,
): ModuleDifference[] {
  const differences = compare([[`${what}, type`, mapTypes.nameOf(map.type), spec.type]])
  // libbpf has rounded the size of a ring up to whole pages, which are larger on some machines.
  if (spec.type !== 'ringbuf') differences.push(...compare([[`${what}, entries`, map.maxEntries, spec.maxEntries]]))
  // The keys of arrays are indexes, which the C may call an int, a __u32 or an enum.
  if (spec.key !== undefined && !spec.type.includes('array')) {
    differences.push(...contentDifferences(`${what}, key`, spec.key, map.key, map.keySize))
  }
  if (spec.value !== undefined) {
    differences.push(...contentDifferences(`${what}, value`, spec.value, map.value, map.valueSize))
  }
  if (spec.event !== undefined) differences.push(...layoutDifferences(`${what}, event`, marker, spec.event.layout))
  return differences
}

/** A map that is declared by `__uint(key_size, ...)` has a size and no layout. */
function contentDifferences(
  what: string,
  { size, layout }: Codec<unknown>,
  objectLayout: LayoutLines | null,
  objectSize: number,
): ModuleDifference[] {
  if (objectLayout === null) return compare([[`${what}, size`, objectSize, size]])
  return layoutDifferences(what, objectLayout, layout)
}

function programDifferences(spec: ProgramSpec<ProgramType>, object: NativeObject): ModuleDifference[] {
  const what = `program ${spec.name}`
  const program = object.programs.find(({ name }) => name === spec.name)
  if (program === undefined) return [{ what, object: undefined, module: spec.type }]
  return compare([
    [`${what}, type`, programTypes.nameOf(program.type), spec.type],
    [`${what}, section`, program.section, spec.section],
  ])
}

function variableDifferences(noun: string, spec: VariableSpec<unknown>, object: NativeObject): ModuleDifference[] {
  const what = `${noun} ${spec.name}`
  const variable = object.variables.find(({ name, section }) => name === spec.name && section === spec.section)
  if (variable === undefined) return [{ what, object: undefined, module: `in ${spec.section}` }]
  return [
    ...compare([[`${what}, offset`, variable.offset, spec.offset]]),
    ...layoutDifferences(what, variable.layout, spec.codec.layout),
  ]
}

function compare(facts: readonly (readonly [what: string, object: string | number, module: string | number])[]) {
  return facts
    .filter(([, object, module]) => object !== module)
    .map(([what, object, module]): ModuleDifference => ({ what, object: String(object), module: String(module) }))
}
