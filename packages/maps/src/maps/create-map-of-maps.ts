import type { RawMap } from '@millrace/core'
import { checkOptions } from '@millrace/core/internal'
import type { InnerMap, InnerMapSpec } from './inner-map.js'
import { InnerMapTemplate } from './inner-map-template.js'
import type { Codecs, MapKind } from './map-kind.js'
import type { CreateOptions } from './map-options.js'

/** Makes a map that holds others, by the example of one that is made for it. */
export function createMapOfMaps<O extends InnerMapSpec<InnerMap> & Omit<CreateOptions, 'programAccess'>>(
  kind: MapKind,
  codecs: (options: O) => Codecs,
  options: O,
  flags: (options: O) => number,
  own: readonly string[],
): RawMap {
  checkOptions('options', options, ['name', 'maxEntries', 'inner', ...own])
  const example = new InnerMapTemplate('options.inner', options.inner).create()
  try {
    return kind.create(codecs(options), options, flags, ['inner', ...own], 0, example.raw)
  } finally {
    example.close()
  }
}
