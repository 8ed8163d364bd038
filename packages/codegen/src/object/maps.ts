import type { Btf } from '../btf/btf.js'
import type { BtfRecord, TypeId } from '../btf/types.js'
import { ObjectFormatError, UnsupportedError } from '../errors.js'
import { type MapKind, mapKindOf, mapTypeName } from './map-kinds.js'
import { variablesOf } from './variables.js'

/** A key or a value: a C type, or bytes when only a size was declared. */
export type MapContent = { readonly type: TypeId } | { readonly size: number }

/** A map of the object, as declared in SEC(".maps"). */
export interface MapDeclaration {
  /** in C */
  readonly name: string
  readonly kind: MapKind
  /** 0 when the C leaves it to the loader */
  readonly maxEntries: number
  readonly key: MapContent | undefined
  readonly value: MapContent | undefined
  /** BPF_F_... */
  readonly flags: number
  /** what a map of maps holds, under a name like `tenants.inner`, which libbpf gives it too */
  readonly inner: MapDeclaration | undefined
}

/** The maps, in order of declaration. */
export function readMaps(btf: Btf): MapDeclaration[] {
  return variablesOf(btf, '.maps').map(({ name, type }) => readMap(btf, name, type))
}

function readMap(btf: Btf, name: string, typeId: TypeId): MapDeclaration {
  const { type } = btf.resolve(typeId)
  if (type.kind !== 'struct') {
    throw new ObjectFormatError(`map ${name} in section .maps is not a struct of __uint() and __type() members`)
  }
  const number = readNumber(btf, type, 'type') ?? 0
  const kind = mapKindOf(number)
  if (kind === undefined) {
    throw new UnsupportedError({
      subject: `map ${name}`,
      problem: `is of type ${mapTypeName(number)}, for which there is no typed class yet`,
      instead:
        'Declare one of the types that have one, or move the map into an object file of its own and use RawMap there.',
    })
  }
  const contents = { key: readContent(btf, type, 'key'), value: readContent(btf, type, 'value') }
  for (const what of ['key', 'value'] as const) {
    if (contents[what] !== undefined || !kind.takes.includes(what)) continue
    throw new UnsupportedError({
      subject: `map ${name}`,
      problem: `of type ${mapTypeName(number)} does not say what its ${what}s are`,
      instead: `Add __type(${what}, ...) to it.`,
    })
  }
  return {
    name,
    kind,
    maxEntries: readNumber(btf, type, 'max_entries') ?? 0,
    flags: readNumber(btf, type, 'map_flags') ?? 0,
    inner: kind.takes.includes('inner') ? readInner(btf, name, type) : undefined,
    ...contents,
  }
}

/** `__array(values, struct inner)` is a member `struct inner *values[]`. */
function readInner(btf: Btf, name: string, map: BtfRecord): MapDeclaration {
  const member = map.members.find((candidate) => candidate.name === 'values')
  const array = member === undefined ? undefined : btf.resolve(member.type).type
  const element = array?.kind === 'array' ? btf.resolve(array.element).type : undefined
  if (element?.kind !== 'pointer') {
    throw new UnsupportedError({
      subject: `map ${name}`,
      problem: 'does not say what its maps are',
      instead: 'Add __array(values, struct { ... }) to it, with the members by which such a map is declared.',
    })
  }
  if (btf.resolve(element.type).type.kind !== 'struct') {
    throw new UnsupportedError({
      subject: `map ${name}`,
      problem: 'holds what is no struct of __uint() and __type() members',
      instead: 'Declare what it holds as any map, but without SEC(".maps").',
    })
  }
  const inner = readMap(btf, `${name}.inner`, element.type)
  if (!inner.kind.takes.includes('inner') && !inner.kind.takes.includes('programType')) return inner
  throw new UnsupportedError({
    subject: `map ${name}`,
    problem: 'holds maps of a kind that the kernel does not take inside of another',
    instead: 'Inner maps are neither program arrays nor maps of maps.',
  })
}

function readContent(btf: Btf, map: BtfRecord, what: 'key' | 'value'): MapContent | undefined {
  const type = pointee(btf, map, what)
  if (type !== undefined) return { type }
  const size = readNumber(btf, map, `${what}_size`)
  return size === undefined ? undefined : { size }
}

/** `__uint(name, 5)` is a member `int (*name)[5]`. */
function readNumber(btf: Btf, map: BtfRecord, name: string): number | undefined {
  const array = pointee(btf, map, name)
  if (array === undefined) return undefined
  const { type } = btf.resolve(array)
  return type.kind === 'array' ? type.length : undefined
}

/** `__type(name, T)` is a member `T *name`. */
function pointee(btf: Btf, map: BtfRecord, name: string): TypeId | undefined {
  const member = map.members.find((candidate) => candidate.name === name)
  if (member === undefined) return undefined
  const { type } = btf.resolve(member.type)
  return type.kind === 'pointer' ? type.type : undefined
}
