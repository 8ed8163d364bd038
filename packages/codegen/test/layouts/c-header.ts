import type { MemberModel, RecordModel, TypeModel } from './model.js'

/** The C declaration of a layout, as a statement. */
export function printRecord(record: RecordModel): string {
  return `${recordText(record)};\n`
}

function recordText({ keyword, tag, members, attribute }: RecordModel): string {
  return `${keyword} ${tag} {\n${members.map(memberText).join('')}} ${attribute}`
}

function memberText(member: MemberModel): string {
  switch (member.kind) {
    case 'field':
      return `\t${fieldText(member.type, member.name)} ${member.attribute};\n`
    case 'bits':
      return `\t${member.base.name} ${member.name} : ${member.width};\n`
    case 'padding':
      return `\t${member.base} : ${member.width};\n`
    case 'anonymous':
      return `${recordText(member.record)};\n`
  }
}

function fieldText(type: TypeModel, declarator: string): string {
  switch (type.kind) {
    case 'scalar':
      return `${type.name} ${declarator}`
    case 'string':
      return `char ${declarator}[${type.length}]`
    case 'bytes':
      return `__u8 ${declarator}[${type.length}]`
    case 'array':
      return fieldText(type.element, `${declarator}[${type.length}]`)
    case 'enum': {
      const values = type.values.map((value, index) => `${type.tag}_${index} = ${literal(value)}`)
      return `enum ${type.tag} { ${values.join(', ')} } ${type.isPacked ? '__attribute__((packed))' : ''} ${declarator}`
    }
    case 'record':
      return `${recordText(type.record)} ${declarator}`
  }
}

/** An integer as a C constant of 64 bits. */
export function literal(value: bigint): string {
  if (value === -(2n ** 63n)) return '(-9223372036854775807LL - 1)'
  return value < 0n ? `${value}LL` : `${value}${value >= 2n ** 63n ? 'ULL' : 'LL'}`
}
