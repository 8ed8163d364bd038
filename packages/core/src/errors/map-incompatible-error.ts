import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** One property in which a pinned map is not what was asked for. */
export interface MapDifference {
  /**
   * `type`, `keySize`, `valueSize`, `maxEntries`, `flags`, or a field of the key's or value's layout; beginning with `inner`, of a map that
   * is in a map of maps
   */
  readonly field: string
  readonly pinned: string | number
  readonly wanted: string | number
}

/**
 * `ERR_MAP_INCOMPATIBLE`: a map that exists, pinned or handed over, is not of the layout that was asked for. Every difference
 * is listed. Use the layout it was made with, or unpin it, which loses what it holds once nobody else has it open.
 *
 * @example
 * ```ts
 * import { load, MapIncompatibleError } from '@millrace/core'
 *
 * try {
 *   using object = await load('./firewall.bpf.o', { pinRoot: '/sys/fs/bpf/firewall' })
 * } catch (error) {
 *   if (error instanceof MapIncompatibleError) console.table(error.differences)
 * }
 * ```
 */
export class MapIncompatibleError extends MillraceError {
  static {
    brand(MapIncompatibleError, 'MapIncompatibleError')
  }

  override readonly code = 'ERR_MAP_INCOMPATIBLE'
  /** of the pin; '' where the map was handed over open */
  readonly path: string
  readonly differences: readonly MapDifference[]

  constructor({ path, differences }: { readonly path: string; readonly differences: readonly MapDifference[] }) {
    const list = differences.map(({ field, pinned, wanted }) => `\n    ${field} is ${pinned}, wanted ${wanted}`)
    super(`the map ${path === '' ? 'that was handed over' : `pinned at ${path}`} is not compatible:${list.join('')}`)
    this.path = path
    this.differences = differences
  }
}
