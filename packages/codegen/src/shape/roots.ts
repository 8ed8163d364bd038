import type { Btf } from '../btf/btf.js'
import type { TypeId } from '../btf/types.js'
import { NameError } from '../errors.js'
import { refuseCollisions } from '../names.js'
import type { MapContent, MapDeclaration } from '../object/maps.js'
import type { ObjectDeclarations } from '../object/object.js'
import type { VariableDeclaration } from '../object/variables.js'
import type { Place } from './place.js'
import type { EnumShape, RecordShape, Shape } from './shape.js'
import { ShapeBuilder } from './shape-builder.js'

/** What needs a codec: a shape, or bytes where the C gives a size only. */
export type Root = { readonly shape: Shape; readonly type: TypeId } | { readonly bytes: number }

/** A map with what is in it; what its class does not take is undefined. */
export interface MapRoots {
  readonly map: MapDeclaration
  readonly key: Root | undefined
  readonly value: Root | undefined
  readonly event: Root | undefined
  /** of a map of maps */
  readonly inner: MapRoots | undefined
}

export interface VariableRoot {
  readonly variable: VariableDeclaration
  readonly root: Root
}

/** The shapes of all that user space can reach. */
export interface Roots {
  readonly maps: readonly MapRoots[]
  readonly constants: readonly VariableRoot[]
  readonly variables: readonly VariableRoot[]
  /** structs, unions and enums, each after those that it is made of */
  readonly types: readonly (RecordShape | EnumShape)[]
}

/** `requested` are C names of types that are wanted although nothing is of them. */
export function readRoots(declarations: ObjectDeclarations, requested: readonly string[]): Roots {
  const { btf, events, maps, constants, variables, metadata } = declarations
  refuseAllCollisions(declarations)
  const reader = new RootReader(btf)
  const roots = {
    maps: maps.map((map) => reader.map(map, events.get(map.name))),
    constants: constants.map((variable) => reader.variable(variable)),
    variables: variables.map((variable) => reader.variable(variable)),
  }
  if (metadata !== undefined) reader.type(metadata, { subject: 'the metadata of packets', name: 'metadata' })
  for (const name of requested) reader.type(findType(btf, name), { subject: `type ${name}`, name })
  return { ...roots, types: reader.named }
}

class RootReader {
  readonly #builder: ShapeBuilder

  constructor(btf: Btf) {
    this.#builder = new ShapeBuilder(btf)
  }

  get named(): readonly (RecordShape | EnumShape)[] {
    return this.#builder.named
  }

  map(map: MapDeclaration, event: TypeId | undefined): MapRoots {
    const { kind } = map
    return {
      map,
      key: kind.takes.includes('key') ? this.#content(map.key, 'key', map.name) : undefined,
      value: kind.takes.includes('value') ? this.#content(map.value, 'value', map.name) : undefined,
      event: kind.takes.includes('event') ? this.#event(event, map.name) : undefined,
      inner: map.inner === undefined ? undefined : this.map(map.inner, event),
    }
  }

  variable(variable: VariableDeclaration): VariableRoot {
    const { name, type } = variable
    const alternative = 'Or make the variable static: it is then the business of the C alone.'
    return { variable, root: this.type(type, { subject: `variable ${name}`, name, alternative }) }
  }

  type(type: TypeId, place: Place): Root {
    return { shape: this.#builder.shapeOf(type, place), type }
  }

  #event(event: TypeId | undefined, map: string): Root | undefined {
    if (event === undefined) return undefined
    return this.type(event, { subject: `the event of ring buffer ${map}`, name: `${inC(map)}_event` })
  }

  #content(content: MapContent | undefined, what: 'key' | 'value', map: string): Root | undefined {
    if (content === undefined) return undefined
    if ('size' in content) return { bytes: content.size }
    return this.type(content.type, { subject: `the ${what} of map ${map}`, name: `${inC(map)}_${what}` })
  }
}

/** `tenants.inner` is no name in C. */
function inC(map: string): string {
  return map.replace('.', '_')
}

function findType(btf: Btf, name: string): TypeId {
  const kinds = ['struct', 'union', 'enum']
  const id = btf.types.findIndex((type, index) => {
    return type.name === name && kinds.includes(type.kind === 'typedef' ? btf.resolve(index).type.kind : type.kind)
  })
  if (id !== -1) return id
  throw new NameError(
    `the object has no struct, union or enum ${name}. clang leaves out types that nothing in the object is of: declare a variable of it, or a parameter.`,
    [name],
  )
}

function refuseAllCollisions({ maps, programs, constants, variables }: ObjectDeclarations): void {
  for (const [what, group] of Object.entries({ maps, programs, constants, variables })) {
    const names = group.map(({ name }) => name)
    refuseCollisions(names, `the object's ${what}`)
  }
}
