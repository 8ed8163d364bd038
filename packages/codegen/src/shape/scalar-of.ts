import type { Resolved } from '../btf/btf.js'
import type { BtfType } from '../btf/types.js'
import { type ScalarName, scalars } from './scalars.js'
import type { ScalarShape } from './shape.js'

/** Types that mean more than their bytes do, by the typedefs of <linux/types.h> and `millrace/types.h`. */
const byTypedef: Readonly<Record<string, ScalarName>> = {
  __be16: 'u16be',
  __be32: 'u32be',
  __be64: 'u64be',
  u64_number_t: 'u64Number',
  ipv4_t: 'ipv4',
  ipv6_t: 'ipv6',
  mac_t: 'mac',
}

/** The type as a scalar, undefined when it is none. */
export function scalarOf({ type, typedefs }: Resolved): ScalarShape | undefined {
  if (!('size' in type)) return undefined
  for (const typedef of typedefs) {
    const name = Object.hasOwn(byTypedef, typedef) ? byTypedef[typedef] : undefined
    // Someone else's typedef may have the same name and another size.
    if (name !== undefined && scalars[name].size === type.size) return { kind: 'scalar', name, size: type.size }
  }
  const name = nameOf(type)
  if (name === undefined || !isScalarName(name) || scalars[name].size !== type.size) return undefined
  return { kind: 'scalar', name, size: type.size }
}

function nameOf(type: BtfType): string | undefined {
  switch (type.kind) {
    case 'float':
      return `f${type.size * 8}`
    case 'int':
      return type.isBool ? 'bool' : `${type.isSigned ? 'i' : 'u'}${type.size * 8}`
    case 'enum':
      // Declared, and its values never listed: all that is known is the integer.
      return type.values.length === 0 ? `u${type.size * 8}` : undefined
    default:
      return undefined
  }
}

function isScalarName(name: string): name is ScalarName {
  return Object.hasOwn(scalars, name)
}
