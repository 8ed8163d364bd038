import type { BitFieldBase, MemberModel, RecordModel, TypeModel } from './model.js'
import { typescriptName, type Value } from './values.js'

/** A member that holds no others, the way to it in C and in TypeScript, and its value where there is one. */
export interface Leaf {
  /** `.field_1[2].field_3` */
  readonly path: string
  readonly type:
    | Exclude<TypeModel, { kind: 'array' | 'record' }>
    | { readonly kind: 'bits'; readonly base: BitFieldBase }
  readonly value: Value | undefined
}

/** The leaves of a layout in order of declaration, with what a value of it has at each. */
export function leavesOf(record: RecordModel, value: Value | undefined, path = ''): Leaf[] {
  return record.members.flatMap((member) => memberLeaves(member, value, path))
}

function memberLeaves(member: MemberModel, value: Value | undefined, path: string): Leaf[] {
  switch (member.kind) {
    case 'field':
      return typeLeaves(member.type, at(value, member.name), `${path}.${member.name}`)
    case 'bits':
      return [{ path: `${path}.${member.name}`, type: member, value: at(value, member.name) }]
    case 'anonymous':
      return leavesOf(member.record, value, path)
    case 'padding':
      return []
  }
}

function typeLeaves(type: TypeModel, value: Value | undefined, path: string): Leaf[] {
  if (type.kind === 'record') return leavesOf(type.record, value, path)
  if (type.kind !== 'array') return [{ path, type, value }]
  return Array.from({ length: type.length }, (_, index) =>
    typeLeaves(type.element, (value as readonly Value[] | undefined)?.[index], `${path}[${index}]`),
  ).flat()
}

function at(value: Value | undefined, name: string): Value | undefined {
  return (value as Readonly<Record<string, Value>> | undefined)?.[typescriptName(name)]
}
