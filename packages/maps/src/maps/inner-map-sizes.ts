import type { MapType } from '@millrace/core'
import { mapFlags } from './map-flags.js'

interface Sizes {
  readonly keySize: number
  /** undefined: as the codec says */
  readonly valueSize?: number
  readonly flags?: number
}

/** What maps are made of whose specs have no codecs: they hold descriptors, indexes and programs, in values of two sizes. */
const fixed: Partial<Record<MapType, Sizes>> = {
  cpumap: { keySize: 4, valueSize: 8 },
  devmap: { keySize: 4, valueSize: 8 },
  devmap_hash: { keySize: 4, valueSize: 8 },
  perf_event_array: { keySize: 4, valueSize: 4 },
  reuseport_sockarray: { keySize: 4, valueSize: 8 },
  sk_storage: { keySize: 4, flags: mapFlags.noPreallocation },
  xskmap: { keySize: 4, valueSize: 4 },
}

/** Bytes of keys and values, and flags, of kinds where the kind decides. */
export function fixedSizes(type: MapType): Partial<Sizes> {
  return fixed[type] ?? {}
}
