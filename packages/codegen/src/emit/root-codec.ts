import type { TypeId } from '../btf/types.js'
import { layoutOf } from '../layout.js'
import { alignmentOf } from '../shape/alignment.js'
import type { Root } from '../shape/roots.js'
import { scalars } from '../shape/scalars.js'
import type { EnumShape, ScalarShape, Shape } from '../shape/shape.js'
import { line } from './code.js'
import { printCodec } from './codec.js'
import type { Context } from './context.js'
import { typeOf } from './types.js'
import { get, holderOf, put } from './values.js'

/** Codecs for what stands alone: keys, values and events of maps, and variables. */
export class RootCodecs {
  readonly #context: Context
  readonly #claim: (name: string) => string
  /** codecs of the module's own, for enums and for scalars that `@millrace/maps` has none for, by the name of the type */
  readonly #own = new Map<string, { readonly name: string; readonly text: string }>()

  /** `claim` makes a free name for a codec of the module's own. */
  constructor(context: Context, claim: (name: string) => string) {
    this.#context = context
    this.#claim = claim
  }

  /** An expression for the codec: one of `@millrace/maps`, the name of a struct's, or the name of one that is added to {@link own}. */
  codecOf(root: Root): string {
    return 'bytes' in root ? this.#call('bytes', root.bytes) : this.#codecOf(root.shape, root.type)
  }

  /** An expression for the codec of a struct's field. Enums are integers there: only the struct's own type tells which. */
  fieldCodecOf(shape: Shape): string {
    switch (shape.kind) {
      case 'scalar':
        if (scalars[shape.name].hasCodec) return this.#context.imports.map(shape.name)
        return this.#ownCodec(shape, [`size ${shape.size}`, `* ${shape.name} @0`])
      case 'enum':
        return this.#context.imports.map(holderOf(shape))
      case 'string':
      case 'bytes':
        return this.#call(shape.kind, shape.size)
      case 'array':
        return this.#call('array', this.fieldCodecOf(shape.element), shape.length)
      default:
        return this.#context.nameOf(shape)
    }
  }

  /** The module's own codecs, written out. */
  get own(): readonly string[] {
    return [...this.#own.values()].map(({ text }) => text)
  }

  #codecOf(shape: Shape, type: TypeId): string {
    switch (shape.kind) {
      case 'scalar':
        return scalars[shape.name].hasCodec ? this.#context.imports.map(shape.name) : this.#ownCodecOf(shape, type)
      case 'enum':
        return this.#ownCodecOf(shape, type)
      case 'string':
      case 'bytes':
        return this.#call(shape.kind, shape.size)
      case 'array':
        return this.#call('array', this.#codecOf(shape.element, type), shape.length)
      default:
        return this.#context.nameOf(shape)
    }
  }

  #ownCodecOf(shape: ScalarShape | EnumShape, type: TypeId): string {
    // Within an array it is the codec of the innermost element.
    return this.#ownCodec(shape, layoutOf(this.#context.btf, this.#context.btf.flatten(type).element))
  }

  #ownCodec(shape: ScalarShape | EnumShape, layout: readonly string[]): string {
    const typeName = shape.kind === 'enum' ? this.#context.nameOf(shape) : shape.name
    const known = this.#own.get(typeName)
    if (known !== undefined) return known.name
    const name = this.#claim(`${typeName.charAt(0).toLowerCase()}${typeName.slice(1)}Codec`)
    const offset = { base: 'offset', offset: 0 }
    const text = printCodec(this.#context, {
      declaration: `const ${name}`,
      type: typeOf(this.#context, shape),
      layout,
      size: shape.size,
      alignment: alignmentOf(shape),
      integer: shape.kind === 'enum' ? holderOf(shape) : undefined,
      encode: line(4, '', put(this.#context, shape, offset, 'value', "''"), ''),
      decode: get(this.#context, shape, offset),
    })
    this.#own.set(typeName, { name, text })
    return name
  }

  #call(name: string, ...args: readonly (string | number)[]): string {
    return `${this.#context.imports.map(name)}(${args.join(', ')})`
  }
}
