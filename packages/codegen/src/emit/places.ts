import type { MapDeclaration } from '../object/maps.js'
import type { Roots } from '../shape/roots.js'
import { type Field, fieldsOf, type RecordShape, type Shape } from '../shape/shape.js'
import { array, type Code, call, enclosed, entry, object } from './code.js'
import type { Context } from './context.js'
import type { RootCodecs } from './root-codec.js'

const BPF_F_MMAPABLE = 1 << 10

/**
 * The structs and unions of which user space reads single fields: what it can map into its memory, of variables and of arrays that allow
 * it, values that each CPU has one of, events, and those asked for by name.
 */
export function placedRecords(roots: Roots, requested: readonly string[]): ReadonlySet<Shape> {
  const found = new Set<Shape>()
  const add = (shape: Shape): void => {
    if (shape.kind === 'array') add(shape.element)
    if ((shape.kind !== 'struct' && shape.kind !== 'union') || found.has(shape)) return
    found.add(shape)
    for (const field of fieldsOf(shape)) add(field.shape)
  }
  for (const { root } of [...roots.constants, ...roots.variables]) if ('shape' in root) add(root.shape)
  for (const { map, value, event } of roots.maps.flatMap((it) => (it.inner === undefined ? it : [it, it.inner]))) {
    if (isReadByField(map) && value !== undefined && 'shape' in value) add(value.shape)
    if (event !== undefined && 'shape' in event) add(event.shape)
  }
  for (const shape of roots.types) if (requested.includes(shape.name)) add(shape)
  return found
}

/** In mapped memory, or to merge the values of all CPUs. */
function isReadByField({ flags, kind }: MapDeclaration): boolean {
  return (flags & BPF_F_MMAPABLE) !== 0 || kind.typedClass.includes('PerCpu')
}

/** `() => ({ packets: [0, u64] })` */
export function placesOf(context: Context, codecs: RootCodecs, record: RecordShape): Code {
  const places = fieldsOf(record).map((field) =>
    entry(field.name, array([`${field.offset}`, codecOf(context, codecs, field)])),
  )
  return enclosed('() => (', object(places), ')')
}

function codecOf(context: Context, codecs: RootCodecs, { shape, bitField }: Field): Code {
  if (bitField === undefined) return codecs.fieldCodecOf(shape)
  const options = [
    ...(bitField.isSigned ? [entry('signed', 'true')] : []),
    ...(shape.kind === 'scalar' && shape.name === 'bool' ? [entry('bool', 'true')] : []),
    ...(shape.kind === 'enum' && shape.size === 8 && bitField.bits <= 32 ? [entry('big', 'true')] : []),
  ]
  const place = [`${bitField.offset % 8}`, `${bitField.bits}`]
  return call(context.imports.helper('bitField'), ...place, ...(options.length === 0 ? [] : [object(options)]))
}
