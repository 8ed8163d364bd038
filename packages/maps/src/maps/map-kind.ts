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
  readonly key: Codec<unknown>
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
   */
  create<O extends CreateOptions>(
    codecs: Codecs,
    options: O,
    flags: (options: O) => number,
    own: readonly string[],
  ): RawMap {
    checkOptions('options', options, ['name', 'maxEntries', 'programAccess', ...own])
    checkCodecs(codecs)
    const { programAccess = 'read-write' } = options
    checkOneOf('options.programAccess', programAccess, ['read-write', 'read-only', 'write-only'])
    return RawMap.create({
      type: this.#type,
      name: options.name,
      keySize: codecs.key.size,
      valueSize: codecs.value.size,
      maxEntries: options.maxEntries,
      flags: flags(options) | programAccessFlags[programAccess],
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
    const wanted = { type: this.#type, keySize: codecs.key.size, valueSize: codecs.value.size, maxEntries }
    const differences: MapDifference[] = []
    for (const field of ['type', 'keySize', 'valueSize', 'maxEntries'] as const) {
      const value = wanted[field]
      if (value !== undefined && value !== raw[field]) differences.push({ field, pinned: raw[field], wanted: value })
    }
    differences.push(...layoutDifferences(raw, codecs))
    if (differences.length > 0) throw new MapIncompatibleError({ path, differences })
    return raw
  }

  spec<M>({ name, maxEntries }: SpecOptions, codecs: Codecs, wrap: (raw: RawMap) => M): MapSpec<M> {
    return { name, type: this.#type, maxEntries, key: codecs.key, value: codecs.value, wrap }
  }
}

function layoutDifferences(raw: RawMap, { key, value }: Codecs): MapDifference[] {
  // The key of an array is an index, whatever integer it was declared as.
  const keyLayout = raw.type.endsWith('array') ? null : key.layout
  return mapLayoutDifferences(raw.layout(), { key: keyLayout, value: value.layout })
}

function checkCodecs(codecs: Codecs | undefined): void {
  checkCodec('options.key', codecs?.key)
  checkCodec('options.value', codecs?.value)
}
