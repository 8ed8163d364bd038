import { NameTable, reservedWords } from '../names.js'
import type { ObjectDeclarations } from '../object/object.js'
import type { MapRoots, Root, Roots } from '../shape/roots.js'
import type { Context } from './context.js'
import { printEnum } from './enumeration.js'
import { Imports, importableNames } from './imports.js'
import { type MapCodecs, printObject } from './object.js'
import { placedRecords } from './places.js'
import { printRecord } from './record.js'
import { RootCodecs } from './root-codec.js'
import { nameTypes } from './type-names.js'

/** What a module is called and made from. */
export interface ModuleOptions {
  /** of the object in TypeScript */
  readonly name: string
  /** base name of the object file */
  readonly file: string
  /** of the object file, seen from the module */
  readonly url: string
  /** C names of types that were asked for although nothing is of them */
  readonly types: readonly string[]
}

/** The TypeScript module for an object. */
export function printModule(declarations: ObjectDeclarations, roots: Roots, options: ModuleOptions): string {
  const table = new NameTable([...reservedWords, ...importableNames])
  const name = table.claim(options.name, 'Object')
  const names = nameTypes(roots.types, table)
  const imports = new Imports()
  const context: Context = { btf: declarations.btf, imports, nameOf: (shape) => names.get(shape) ?? shape.name }
  const codecs = new RootCodecs(context, (codec) => table.claim(codec, ''))
  const placed = placedRecords(roots, options.types)
  const types = roots.types.map((shape) => {
    if (shape.kind === 'enum') return printEnum(context, shape)
    return printRecord(context, shape, placed.has(shape) ? codecs : undefined)
  })

  const codecOf = (root: Root | undefined) => (root === undefined ? undefined : codecs.codecOf(root))
  const codecsOf = ({ map, key, value, event, inner }: MapRoots): MapCodecs => ({
    map,
    key: codecOf(key),
    value: codecOf(value),
    event: codecOf(event),
    programType: map.kind.takes.includes('programType') ? programTypeOf(declarations) : undefined,
    overruns: event === undefined ? undefined : overrunsOf(map.name, roots),
    inner: inner === undefined ? undefined : codecsOf(inner),
  })
  const object = printObject(context, {
    name,
    file: options.file,
    url: options.url,
    maps: roots.maps.map(codecsOf),
    programs: declarations.programs,
    constants: roots.constants.map(({ variable, root }) => ({ variable, codec: codecs.codecOf(root) })),
    variables: roots.variables.map(({ variable, root }) => ({ variable, codec: codecs.codecOf(root) })),
  })
  const head = `// Written by bpf2ts from ${options.file}; change the C and run bpf2ts again.\n${imports.print()}`
  return [head, ...types, ...codecs.own, object].join('\n')
}

/** Programs call each other's kind only: an object with one kind of programs has arrays of that kind. */
function programTypeOf({ programs }: ObjectDeclarations): string | undefined {
  const kinds = new Set(programs.map(({ kind }) => kind))
  return kinds.size === 1 ? [...kinds][0] : undefined
}

/** MR_EVENTS(drops, ...) counts in the map `drops_overruns` what found the ring buffer full. */
function overrunsOf(map: string, { maps }: Roots): string | undefined {
  return maps.find((candidate) => candidate.map.name === `${map}_overruns`)?.map.name
}
