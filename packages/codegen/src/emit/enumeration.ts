import { enumMemberNames } from '../names.js'
import type { EnumShape } from '../shape/shape.js'
import { entry, line, object } from './code.js'
import type { Context } from './context.js'
import { documented } from './documented.js'

/** The values of an enum as an object, and its type, of the same name, as the union of them. */
export function printEnum(context: Context, shape: EnumShape): string {
  const name = context.nameOf(shape)
  const names = enumMemberNames(
    shape.values.map((value) => value.name),
    shape.name,
  )
  const suffix = shape.size === 8 ? 'n' : ''
  const entries = shape.values.map(({ value }, index) => entry(names[index] ?? '', `${value}${suffix}`))
  return [
    documented(context, shape),
    line(0, `export const ${name} = `, object(entries), ' as const'),
    `export type ${name} = (typeof ${name})[keyof typeof ${name}]\n`,
  ].join('')
}
