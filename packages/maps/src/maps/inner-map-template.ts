import {
  ArgumentError,
  KernelError,
  type MapDifference,
  MapIncompatibleError,
  type MapSpec,
  RawMap,
} from '@millrace/core'
import {
  checkInteger,
  checkMap,
  checkOptions,
  errno,
  mapDifferences,
  mapLayoutDifferences,
  mapTypes,
  type WantedMap,
} from '@millrace/core/internal'
import type { InnerMap, InnerMapOptions } from './inner-map.js'
import { fixedSizes } from './inner-map-sizes.js'
import { mapFlags } from './map-flags.js'

/** Kinds of which the kernel wants all maps inside to be equally large. */
const equallyLarge: ReadonlySet<string> = new Set(['array', 'percpu_array', 'xskmap'])
/** Kinds that the kernel does not take, or of no use there: programs name their arena. */
const impossible: ReadonlySet<string> = new Set(['prog_array', 'array_of_maps', 'hash_of_maps', 'arena'])

/** What the maps in a map of maps have in common: how one is made, opened and compared. */
export class InnerMapTemplate<M extends InnerMap> {
  readonly #spec: MapSpec<M>

  constructor(argument: string, spec: MapSpec<M> | undefined) {
    this.#spec = checkSpec(argument, spec)
  }

  /** Makes a map that fits. */
  create(options: InnerMapOptions = {}): M {
    checkOptions('options', options, ['name', 'maxEntries'])
    const { name = this.#spec.name, maxEntries = this.#spec.maxEntries } = options
    checkInteger('options.maxEntries', maxEntries, 0, 0xffff_ffff)
    if (this.#isEquallyLarge && maxEntries !== this.#spec.maxEntries) {
      const hint = this.#spec.type === 'array' ? '; with anyMaxEntries they may differ' : ''
      const expected = `${this.#spec.maxEntries}, as in all maps of type ${this.#spec.type} inside of one map${hint}`
      throw new ArgumentError({ argument: 'options.maxEntries', value: maxEntries, expected })
    }
    return this.#wrap(RawMap.create({ ...this.#wanted, name, maxEntries }))
  }

  /**
   * Opens a map that the kernel has inside. Undefined when it is gone.
   *
   * @param path - of the outer map's pin, '' for none
   * @throws {@link MapIncompatibleError} when it is not what the template says
   */
  open(id: number, path: string): M | undefined {
    const raw = openIfThere(id)
    if (raw === undefined) return undefined
    try {
      const { key, value } = this.#spec
      const layout = { key: key?.layout ?? null, value: value?.layout ?? null }
      const differences = [...this.#differences(raw), ...mapLayoutDifferences(raw.layout(), layout)]
      refuse(
        differences.map((it) => ({ ...it, field: `inner ${it.field}` })),
        path,
      )
    } catch (error) {
      raw.close()
      throw error
    }
    return this.#wrap(raw)
  }

  /**
   * The raw map of one that is to be put in.
   *
   * @throws {@link MapIncompatibleError} with everything in which it does not fit
   */
  check(map: M): RawMap {
    const raw = map?.raw
    checkMap('map', raw)
    refuse(this.#differences(raw), '')
    return raw
  }

  get #isEquallyLarge(): boolean {
    const { type, flags = 0 } = this.#spec
    return equallyLarge.has(type) && (flags & mapFlags.anyMaxEntries) === 0
  }

  get #wanted(): WantedMap {
    const { key, value, flags = 0 } = this.#spec
    const type = mapTypes.nameOf(mapTypes.check('type', this.#spec.type))
    const fixed = fixedSizes(type)
    return {
      type,
      keySize: key?.size ?? fixed.keySize ?? 0,
      valueSize: value?.size ?? fixed.valueSize ?? 0,
      maxEntries: this.#spec.maxEntries,
      flags: flags | (fixed.flags ?? 0),
    }
  }

  #differences(raw: RawMap): MapDifference[] {
    const wanted = this.#wanted
    // 0: any number.
    const maxEntries = this.#isEquallyLarge ? wanted.maxEntries : 0
    // Where there is no codec, values of any size are read as well.
    const valueSize = this.#spec.value === undefined ? raw.valueSize : wanted.valueSize
    return mapDifferences(raw, { ...wanted, maxEntries, valueSize })
  }

  #wrap(raw: RawMap): M {
    try {
      return this.#spec.wrap(raw, () => undefined)
    } catch (error) {
      raw.close()
      throw error
    }
  }
}

function openIfThere(id: number): RawMap | undefined {
  try {
    return RawMap.openById(id)
  } catch (error) {
    if (error instanceof KernelError && error.errno === errno.ENOENT) return undefined
    throw error
  }
}

function refuse(differences: readonly MapDifference[], path: string): void {
  if (differences.length > 0) throw new MapIncompatibleError({ path, differences })
}

function checkSpec<M>(argument: string, spec: MapSpec<M> | undefined): MapSpec<M> {
  if (typeof spec !== 'object' || spec === null || typeof spec.wrap !== 'function') {
    const expected = 'what describes the maps inside, such as HashMap.spec({ name, key, value, maxEntries })'
    throw new ArgumentError({ argument, value: spec, expected })
  }
  if (impossible.has(spec.type)) {
    const expected = 'a kind of map that may be inside of another: no program array, no arena and no map of maps'
    throw new ArgumentError({ argument, value: spec.type, expected })
  }
  return spec
}
