import { camelCase } from '../names.js'
import type { MapDeclaration } from '../object/maps.js'
import type { ProgramDeclaration } from '../object/programs.js'
import type { VariableDeclaration } from '../object/variables.js'
import { type Code, call, entry, expandedObject, line, object } from './code.js'
import type { Context } from './context.js'
import { quote } from './quote.js'

/** A map with the names of its codecs. */
export interface MapCodecs {
  readonly map: MapDeclaration
  readonly key: string | undefined
  readonly value: string | undefined
  readonly event: string | undefined
  /** the only kind of program that a program array may hold, where it is known */
  readonly programType: string | undefined
  /** the map that counts the events which found the ring buffer full, in C */
  readonly overruns: string | undefined
  /** of a map of maps */
  readonly inner: MapCodecs | undefined
}

/** A variable with the name of its codec. */
export interface VariableCodec {
  readonly variable: VariableDeclaration
  readonly codec: string
}

/** What the description of an object is made of. */
export interface ObjectParts {
  /** of the object, in TypeScript */
  readonly name: string
  /** base name of the object file */
  readonly file: string
  /** of the object file, seen from the module */
  readonly url: string
  readonly maps: readonly MapCodecs[]
  readonly programs: readonly ProgramDeclaration[]
  readonly constants: readonly VariableCodec[]
  readonly variables: readonly VariableCodec[]
}

/** The description that `load()` of `@millrace/core` takes. */
export function printObject(context: Context, parts: ObjectParts): string {
  const description = expandedObject([
    entry('name', quote(parts.name)),
    entry('file', call('new URL', quote(parts.url), 'import.meta.url')),
    entry('maps', expandedObject(parts.maps.map((map) => entry(camelCase(map.map.name), mapOf(context, map))))),
    entry(
      'programs',
      expandedObject(parts.programs.map((program) => entry(camelCase(program.name), programOf(program)))),
    ),
    entry('constants', expandedObject(parts.constants.map(variableOf))),
    entry('variables', expandedObject(parts.variables.map(variableOf))),
  ])
  const defineObject = context.imports.use('@millrace/core', 'defineObject')
  const documentation = `/** What ${parts.file} declares; \`load(${parts.name})\` of @millrace/core loads it. */\n`
  return documentation + line(0, `export const ${parts.name} = `, call(defineObject, description), '')
}

/** Flags are the C's own business, but of inner maps: those are made by user space, too. */
function mapOf(context: Context, codecs: MapCodecs, isInner = false): Code {
  const { map, key, value, event, programType, overruns, inner } = codecs
  const entries = [entry('name', quote(map.name))]
  if (key !== undefined) entries.push(entry('key', key))
  if (value !== undefined) entries.push(entry('value', value))
  if (event !== undefined) entries.push(entry('event', event))
  if (programType !== undefined) entries.push(entry('programType', quote(programType)))
  if (inner !== undefined) entries.push(entry('inner', mapOf(context, inner, true)))
  entries.push(entry('maxEntries', `${map.maxEntries}`))
  if (isInner && map.flags !== 0) entries.push(entry('flags', `${map.flags}`))
  if (overruns !== undefined) entries.push(entry('overruns', quote(overruns)))
  return call(`${context.imports.map(map.kind.typedClass)}.spec`, object(entries))
}

function programOf({ name, kind, section }: ProgramDeclaration): Code {
  return object([entry('name', quote(name)), entry('type', quote(kind)), entry('section', quote(section))])
}

function variableOf({ variable: { name, section, offset }, codec }: VariableCodec): Code {
  const entries = [entry('name', quote(name)), entry('section', quote(section)), entry('offset', `${offset}`)]
  return entry(camelCase(name), object([...entries, entry('codec', codec)]))
}
