import fc from 'fast-check'
import type { BitFieldBase, MemberModel, RecordModel, ScalarModel, TypeModel } from './model.js'

/** A value as a codec takes it. */
export type Value =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [name: string]: Value }

/** What bpf2ts makes of the names of layout(): `field_12` -> `field12`. */
export function typescriptName(name: string): string {
  return name.replace('_', '')
}

/** Random values of a layout: a struct has all of its members, a union one of them. */
export function values(record: RecordModel): fc.Arbitrary<{ readonly [name: string]: Value }> {
  const members = record.members.flatMap((member) => memberValues(member))
  if (record.keyword === 'union') return fc.oneof(...members)
  return fc.tuple(...members).map((parts) => Object.assign({}, ...parts))
}

function memberValues(member: MemberModel): fc.Arbitrary<{ readonly [name: string]: Value }>[] {
  switch (member.kind) {
    case 'field':
      return [fc.record({ [typescriptName(member.name)]: typeValues(member.type) })]
    case 'bits':
      return [fc.record({ [typescriptName(member.name)]: bitFieldValues(member.base, member.width) })]
    case 'anonymous':
      return [values(member.record)]
    case 'padding':
      return []
  }
}

function typeValues(type: TypeModel): fc.Arbitrary<Value> {
  switch (type.kind) {
    case 'scalar':
      return scalarValues(type)
    case 'enum':
      return fc.constantFrom(...type.values).map((value) => (isWideEnum(type.values) ? value : Number(value)))
    case 'string':
      return fc.string({ unit: 'grapheme' }).map((text) => shorten(text.replaceAll('\0', ''), type.length))
    case 'bytes':
      return fc.uint8Array({ minLength: type.length, maxLength: type.length }).map((bytes) => new Uint8Array(bytes))
    case 'array':
      return fc.array(typeValues(type.element), { minLength: type.length, maxLength: type.length })
    case 'record':
      return values(type.record)
  }
}

/** clang holds an enum in 64 bits when a value needs them. */
export function isWideEnum(values: readonly bigint[]): boolean {
  const isSigned = values.some((value) => value < 0n)
  return values.some((value) => BigInt[isSigned ? 'asIntN' : 'asUintN'](32, value) !== value)
}

/** At most `size` bytes of UTF-8, cut between characters. */
function shorten(text: string, size: number): string {
  let result = ''
  for (const character of text) {
    if (Buffer.byteLength(result + character) > size) break
    result += character
  }
  return result
}

function bitFieldValues({ form }: BitFieldBase, width: number): fc.Arbitrary<Value> {
  return form === 'bool' ? fc.boolean() : integers(width, form === 'signed', width > 32)
}

function integers(bits: number, isSigned: boolean, isBig: boolean): fc.Arbitrary<Value> {
  const min = isSigned ? -(2n ** BigInt(bits - 1)) : 0n
  const max = 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n
  return fc.bigInt({ min, max }).map((value) => (isBig ? value : Number(value)))
}

function scalarValues({ name, form, size }: ScalarModel): fc.Arbitrary<Value> {
  switch (form) {
    case 'bool':
      return fc.boolean()
    case 'float':
      return size === 4 ? fc.float({ noNaN: true }) : fc.double({ noNaN: true })
    case 'ipv4':
      return fc.ipV4()
    case 'ipv6':
      return bytes(16).map((each) => (Buffer.from(each).toString('hex').match(/.{4}/g) ?? []).join(':'))
    case 'mac':
      return bytes(6).map((each) => (Buffer.from(each).toString('hex').match(/../g) ?? []).join(':'))
    case 'wide':
      return integers(128, name === '__int128', true)
    default:
      return integers(size * 8, form === 'signed', size === 8)
  }
}

function bytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length })
}
