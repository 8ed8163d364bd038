import { scalars } from '../shape/scalars.js'
import type { Shape } from '../shape/shape.js'
import type { Context } from './context.js'

/** The TypeScript type of a shape. */
export function typeOf(context: Context, shape: Shape): string {
  switch (shape.kind) {
    case 'scalar':
      return scalars[shape.name].type
    case 'string':
      return 'string'
    case 'bytes':
      return 'Uint8Array'
    case 'array':
      return `${typeOf(context, shape.element)}[]`
    default:
      return context.nameOf(shape)
  }
}
