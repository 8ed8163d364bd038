import { bitFieldOf } from './btf/bit-field.js'
import type { Btf } from './btf/btf.js'
import type { BtfRecord, BtfType, TypeId } from './btf/types.js'

const indent = '    '

/** How C declares a struct, union or enum, for documentation. */
export function printDeclaration(btf: Btf, id: TypeId, isPacked: boolean): string {
  const type = btf.type(id)
  const typedef = type.name === '' ? typedefOf(btf, id) : undefined
  const body = printType(btf, id, '', 0) + (isPacked ? ' __attribute__((packed))' : '')
  return typedef === undefined ? `${body};` : `typedef ${body} ${typedef};`
}

function typedefOf(btf: Btf, id: TypeId): string | undefined {
  return btf.types.find((type) => type.kind === 'typedef' && type.type === id)?.name
}

/**
 * A declaration of `name` as of a type; C writes array lengths behind the name. What has a name is spelled out at `depth` 0
 * only. There are no pointers here: a type that has one is refused before it is documented.
 */
function printType(btf: Btf, id: TypeId, name: string, depth: number): string {
  const type = btf.type(id)
  const declarator = name === '' ? '' : ` ${name}`
  switch (type.kind) {
    case 'struct':
    case 'union':
      return (depth > 0 && type.name !== '' ? tagOf(type) : printRecord(btf, type, depth)) + declarator
    case 'enum':
      return (depth > 0 && type.name !== '' ? tagOf(type) : printEnum(type, depth)) + declarator
    case 'array':
      return printType(btf, type.element, `${name}[${type.length}]`, depth)
    case 'const':
    case 'volatile':
      return `${type.kind} ${printType(btf, type.type, name, depth)}`
    case 'restrict':
    case 'type_tag':
      return printType(btf, type.type, name, depth)
    default:
      return (type.name === '_Bool' ? 'bool' : type.name || type.kind) + declarator
  }
}

function tagOf(type: BtfType): string {
  return `${type.kind} ${type.name}`
}

function printRecord(btf: Btf, record: BtfRecord, depth: number): string {
  const pad = indent.repeat(depth)
  const members = record.members.map((member) => {
    const bits = bitFieldOf(btf, member)?.bits
    return `${pad}${indent}${printType(btf, member.type, member.name, depth + 1)}${bits === undefined ? '' : ` : ${bits}`};\n`
  })
  return `${tagOf(record).trimEnd()} {\n${members.join('')}${pad}}`
}

function printEnum(type: Extract<BtfType, { kind: 'enum' }>, depth: number): string {
  const pad = indent.repeat(depth)
  const values = type.values.map(({ name, value }) => `${pad}${indent}${name} = ${value},\n`)
  return `${tagOf(type).trimEnd()} {\n${values.join('')}${pad}}`
}
