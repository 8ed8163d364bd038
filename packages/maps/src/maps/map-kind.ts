import {
  type Codec,
  type MapDifference,
  MapIncompatibleError,
  type MapSpec,
  type MapType,
  RawMap,
} from '@millrace/core'
import { checkMap, checkOneOf, checkOptions, mapLayoutDifferences } from '@millrace/core/internal'
import { checkCodec } from '../codecs/check-codec.js'
import { mapFlags } from './map-flags.js'
import type { CreateOptions, OpenOptions, ProgramAccess, SpecOptions } from './map-options.js'

const programAccessFlags: Readonly<Record<ProgramAccess, number>> = {
  'read-write': 0,
  'read-only': mapFlags.readOnlyForPrograms,
  'write-only': mapFlags.writeOnlyForPrograms,
}

/** Codecs by which one kind of map is made and checked; `key` is u32 for maps of indexes. */
export interface Codecs {
  /** null for maps without keys */
  readonly key: Codec<unknown> | null
  readonly value: Codec<unknown>
}

/** One kind of kernel map: how a typed map of it is made, opened, checked and described. */
export class MapKind {
  readonly #type: MapType

  constructor(type: MapType) {
    this.#type = type
  }

  /**
   * @param flags - what the map's own options come to, once it is sure that there are options
   * @param own - names of options that not all maps have
   * @param mapExtra - as for `RawMap.create`
   * @param innerMap - as for `RawMap.create`
   */
  create<O extends CreateOptions>(
    codecs: Codecs,
    options: O,
    flags: (options: O) => number,
    own: readonly string[],
    mapExtra = 0,
    innerMap: RawMap | undefined = undefined,
  ): RawMap {
    checkOptions('options', options, ['name', 'maxEntries', 'programAccess', ...own])
    checkCodecs(codecs)
    return RawMap.create({
      type: this.#type,
      name: options.name,
      keySize: sizeOf(codecs.key),
      valueSize: codecs.value.size,
      maxEntries: options.maxEntries,
      flags: flags(options) | accessFlags(options),
      mapExtra,
      innerMap,
    })
  }

  open(path: string, codecs: Codecs, options: OpenOptions, own: readonly string[]): RawMap {
    checkOptions('options', options, ['maxEntries', 'access', ...own])
    checkCodecs(codecs)
    const raw = RawMap.open(path, { access: options.access })
    try {
      return this.check(raw, codecs, options.maxEntries, path)
    } catch (error) {
      raw.close()
      throw error
    }
  }

  /**
   * Throws {@link MapIncompatibleError} with everything in which a map is not of this kind, or not of these codecs:
   * sizes, and where the map was made with BTF, names, types and places of fields.
   *
   * @param path - of the pin, '' for none
   */
  check(raw: RawMap, codecs: Codecs, maxEntries: number | undefined = undefined, path = ''): RawMap {
    checkMap('raw', raw)
    checkCodecs(codecs)
    const wanted = { type: this.#type, keySize: sizeOf(codecs.key), valueSize: codecs.value.size, maxEntries }
    const differences: MapDifference[] = []
    for (const field of ['type', 'keySize', 'valueSize', 'maxEntries'] as const) {
      const value = wanted[field]
      if (value !== undefined && value !== raw[field]) differences.push({ field, pinned: raw[field], wanted: value })
    }
    differences.push(...layoutDifferences(raw, codecs))
    if (differences.length > 0) throw new MapIncompatibleError({ path, differences })
    return raw
  }

  /** @param own - flags that the map's own options come to */
  spec<M>(options: SpecOptions, codecs: Codecs, wrap: (raw: RawMap) => M, own = 0): MapSpec<M> {
    const { name, maxEntries } = options
    const { key, value } = codecs
    const flags = (options.flags ?? 0) | accessFlags(options) | own
    return { name, type: this.#type, maxEntries, flags, ...(key === null ? {} : { key }), value, wrap }
  }
}

function accessFlags({ programAccess = 'read-write' }: Pick<CreateOptions, 'programAccess'>): number {
  checkOneOf('options.programAccess', programAccess, ['read-write', 'read-only', 'write-only'])
  return programAccessFlags[programAccess]
}

function layoutDifferences(raw: RawMap, { key, value }: Codecs): MapDifference[] {
  // The key of an array is an index, whatever integer it was declared as.
  const keyLayout = key === null || raw.type.endsWith('array') ? null : key.layout
  return mapLayoutDifferences(raw.layout(), { key: keyLayout, value: value.layout })
}

function sizeOf(codec: Codec<unknown> | null): number {
  return codec === null ? 0 : codec.size
}

function checkCodecs(codecs: Codecs | undefined): void {
  if (codecs?.key !== null) checkCodec('options.key', codecs?.key)
  checkCodec('options.value', codecs?.value)
}
