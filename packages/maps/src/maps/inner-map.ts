import type { MapSpec, RawMap } from '@millrace/core'

/** A typed map, as a map of maps holds them. */
export interface InnerMap extends Disposable {
  /** bytes in, bytes out */
  readonly raw: RawMap
  /** Gives the descriptor back. */
  close(): void
}

/** What the maps in a map of maps are. */
export interface InnerMapSpec<M extends InnerMap> {
  /**
   * Describes them: `HashMap.spec({ name, key, value, maxEntries })`, and so with every kind of map but program arrays, arenas
   * and maps of maps, which the kernel does not take. All maps inside have its type, sizes and flags; arrays,
   * per-CPU arrays and XskMaps its `maxEntries` too, but for arrays made with `anyMaxEntries`.
   */
  readonly inner: MapSpec<M>
}

/** How a new map may be other than the template says. */
export interface InnerMapOptions {
  /** default: as the template is called */
  readonly name?: string | undefined
  /** default: what the template says; arrays take no other, but for those with `anyMaxEntries`. Linux 5.10. */
  readonly maxEntries?: number | undefined
}
