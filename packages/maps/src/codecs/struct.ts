import { ArgumentError, type Codec, type Infer } from '@millrace/core'
import { checkBoolean, checkOptions } from '@millrace/core/internal'
import { checkCodec } from './check-codec.js'
import { compileStruct, type StructField } from './compile-struct.js'
import { memberLines, snakeCase } from './layout.js'

/** Fields of a {@link struct}, in order of declaration. */
export type StructFields = Readonly<Record<string, Codec<unknown>>>

/** The TypeScript form of a {@link struct}. */
export type StructValue<F extends StructFields> = { -readonly [Name in keyof F]: Infer<F[Name]> }

/** How C lays a {@link struct} out, where that is not the default. */
export interface StructOptions<Name extends string> {
  /** `__attribute__((packed))`: no padding. Not by default. */
  readonly packed?: boolean | undefined
  /** bytes, a power of two; `__attribute__((aligned(n)))`: at least this alignment */
  readonly align?: number | undefined
  /**
   * Names in C. A field that is not given here is called by its name in snake case: `sourcePort` is `source_port`. They
   * matter only where the layout is compared with a map's own, when a pinned map is opened.
   */
  readonly cNames?: { readonly [N in Name]?: string | undefined } | undefined
}

/**
 * A C struct: a plain object with the same fields, laid out as a C compiler does, each field at a multiple of its
 * alignment and the whole a multiple of the largest. Padding is written as zeroes, which matters in keys: the kernel
 * compares it too.
 *
 * Not needed beside `bpf2ts`, which writes the codecs of an object file from the compiler's own layout.
 *
 * @throws {@link ArgumentError} for no fields, or a name that is no C identifier
 *
 * @example
 * ```ts
 * import { HashMap, type Infer, ipv4, struct, u16be, u64 } from '@millrace/maps'
 *
 * const Flow = struct({ source: ipv4, destination: ipv4, sourcePort: u16be, destinationPort: u16be })
 * type Flow = Infer<typeof Flow>
 *
 * const Hits = struct({ packets: u64, bytes: u64 })
 * using flows = HashMap.create({ name: 'flows', key: Flow, value: Hits, maxEntries: 65_536 })
 * const flow: Flow = { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 40_000, destinationPort: 443 }
 * flows.set(flow, { packets: 1n, bytes: 60n })
 * ```
 */
export function struct<F extends StructFields>(
  fields: F,
  options: StructOptions<Extract<keyof F, string>> = {},
): Codec<StructValue<F>> {
  if (typeof fields !== 'object' || fields === null) {
    throw new ArgumentError({
      argument: 'fields',
      value: fields,
      expected: 'an object of codecs, by the names of the fields',
    })
  }
  checkOptions('options', options, ['packed', 'align', 'cNames'])
  if (options.packed !== undefined) checkBoolean('options.packed', options.packed)
  if (options.cNames !== undefined) checkOptions('options.cNames', options.cNames, Object.keys(fields))
  const { placed, size, alignment } = place(fields, options)
  const places = Object.fromEntries(placed.map(({ name, offset, codec }) => [name, [offset, codec] as const]))
  const cNames: Readonly<Record<string, string | undefined>> = options.cNames ?? {}
  return {
    size,
    alignment,
    layout: [
      `size ${size}`,
      ...placed.flatMap(({ name, codec, offset }) => memberLines(codec, cNames[name] ?? snakeCase(name), offset)),
    ],
    places: () => places,
    ...compileStruct<StructValue<F>>(placed, size),
  }
}

function place(fields: StructFields, options: StructOptions<string>) {
  const placed: StructField[] = []
  let end = 0
  let alignment = checkAlign(options.align)
  for (const [name, codec] of Object.entries(fields)) {
    checkName(name)
    checkCodec(`fields.${name}`, codec)
    const own = options.packed ? 1 : codec.alignment
    const offset = roundUp(end, own)
    placed.push({ name, codec, offset })
    end = offset + codec.size
    alignment = Math.max(alignment, own)
  }
  if (end === 0) throw new ArgumentError({ argument: 'fields', value: fields, expected: 'at least one field' })
  return { placed, size: roundUp(end, alignment), alignment }
}

function checkAlign(align = 1): number {
  if (!Number.isInteger(align) || align < 1 || (align & (align - 1)) !== 0) {
    throw new ArgumentError({ argument: 'options.align', value: align, expected: 'a power of two' })
  }
  return align
}

function checkName(name: string): void {
  // In an object literal `__proto__` is no field, but sets what the object inherits from.
  if (!/^[A-Za-z_$][\w$]*$/.test(name) || name === '__proto__') {
    throw new ArgumentError({ argument: 'fields', value: name, expected: 'names that are identifiers in C' })
  }
}

function roundUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment
}
