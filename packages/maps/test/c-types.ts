import type { Codec } from '@millrace/core'
import fc from 'fast-check'
import {
  array,
  bool,
  bytes,
  i8,
  i16,
  i32,
  i64,
  ipv4,
  ipv6,
  mac,
  string,
  struct,
  u8,
  u16,
  u16be,
  u32,
  u32be,
  u64,
  u64be,
} from '../src/index.js'

/** A codec, and how C writes the same type around a declaration's name. */
export interface CType {
  readonly codec: Codec<unknown>
  readonly specifier: string
  /** behind the name: `[4]` */
  readonly dimensions: string
}

const leaves: readonly CType[] = [
  ...Object.entries({ __u8: u8, __u16: u16, __u32: u32, __u64: u64 }),
  ...Object.entries({ __s8: i8, __s16: i16, __s32: i32, __s64: i64 }),
  ...Object.entries({ __be16: u16be, __be32: u32be, __be64: u64be, _Bool: bool }),
  ...Object.entries({ ipv4_t: ipv4, ipv6_t: ipv6, mac_t: mac }),
].map(([specifier, codec]) => ({ codec: codec as Codec<unknown>, specifier, dimensions: '' }))

const texts: readonly CType[] = [
  { codec: bytes(5), specifier: '__u8', dimensions: '[5]' },
  { codec: string(7), specifier: 'char', dimensions: '[7]' },
]

const names = fc.uniqueArray(fc.stringMatching(/^f[a-z](_[a-z])?$/), { minLength: 1, maxLength: 6 })

/** Random structs, nested up to three deep, packed and aligned ones among them. */
export const { structType } = fc.letrec<{ type: CType; arrayType: CType; structType: CType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'nesting' },
    fc.constantFrom(...leaves, ...texts),
    tie('arrayType'),
    tie('structType'),
  ),
  arrayType: fc.tuple(tie('type'), fc.integer({ min: 1, max: 4 })).map(([element, length]) => ({
    codec: array(element.codec, length),
    specifier: element.specifier,
    dimensions: `[${length}]${element.dimensions}`,
  })),
  structType: fc
    .record({
      fields: names,
      types: fc.infiniteStream(tie('type')),
      packed: fc.boolean(),
      align: fc.constantFrom(1, 1, 1, 4, 16),
    })
    .map(({ fields, types, packed, align }) => {
      const members = fields.map((name) => ({ name, type: types.next().value as CType }))
      const codecs = Object.fromEntries(members.map(({ name, type }) => [camelCase(name), type.codec]))
      const body = members.map(({ name, type }) => `${type.specifier} ${name}${type.dimensions};`).join(' ')
      const attributes = [...(packed ? ['packed'] : []), ...(align > 1 ? [`aligned(${align})`] : [])]
      const suffix = attributes.length > 0 ? ` __attribute__((${attributes.join(', ')}))` : ''
      return { codec: struct(codecs, { packed, align }), specifier: `struct { ${body} }${suffix}`, dimensions: '' }
    }),
}))

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
