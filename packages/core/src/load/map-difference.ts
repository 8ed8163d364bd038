import type { NativeMapLayout } from '../binding.js'
import type { MapDifference } from '../errors/index.js'
import type { MapInfo } from '../map-info.js'
import type { MapType } from '../map-type.js'
import { layoutDifferences } from './layout-difference.js'

/** What a map is to be, for comparing with one that exists. */
export interface WantedMap {
  readonly type: MapType
  readonly keySize: number
  readonly valueSize: number
  /** 0: the kernel's own number, as with one entry a CPU */
  readonly maxEntries: number
  readonly flags: number
}

/** The differences of key and value by name, type and place of fields; where a map has no BTF there is nothing to compare. */
export function mapLayoutDifferences(existing: NativeMapLayout, wanted: NativeMapLayout): MapDifference[] {
  return (['key', 'value'] as const).flatMap((side) => {
    if (existing[side] === null || wanted[side] === null) return []
    // Sizes are compared for every map, with BTF or without.
    const differences = layoutDifferences(side, existing[side], wanted[side]).filter(
      ({ what }) => what !== `${side}, size`,
    )
    return differences.map(({ what, object, module }) => ({
      field: what,
      pinned: object ?? 'absent',
      wanted: module ?? 'absent',
    }))
  })
}

/** BPF_F_RDONLY, BPF_F_WRONLY: of the descriptor that made the map, nothing of the map. */
const accessFlags = (1 << 3) | (1 << 4)
/** BPF_F_RDONLY_PROG, which the kernel adds to every devmap. */
const readOnlyForPrograms = 1 << 7
const devmaps: ReadonlySet<MapType> = new Set(['devmap', 'devmap_hash'])

/** BPF_F_NO_COMMON_LRU: each CPU has a list of its own, and an equal share of the entries. */
const listPerCpu = 1 << 1
/** Ring buffers are whole pages, a power of two of them. */
const leastRing = 4096

/** The number of entries that a map really gets. */
export function roundedEntries({ type, flags, maxEntries }: WantedMap, possibleCpus: () => number): number {
  const isLru = type === 'lru_hash' || type === 'lru_percpu_hash'
  if (isLru && (flags & listPerCpu) !== 0) {
    const lists = possibleCpus()
    return Math.ceil(maxEntries / lists) * lists
  }
  const isRing = type === 'ringbuf' || type === 'user_ringbuf'
  return isRing ? Math.max(leastRing, 2 ** Math.ceil(Math.log2(maxEntries))) : maxEntries
}

/** Every property in which a map that exists is not what is wanted. */
export function mapDifferences(existing: Pick<MapInfo, keyof WantedMap>, wanted: WantedMap): MapDifference[] {
  const differences: MapDifference[] = []
  if (existing.type !== wanted.type) differences.push({ field: 'type', pinned: existing.type, wanted: wanted.type })
  for (const field of ['keySize', 'valueSize', 'maxEntries'] as const) {
    if (existing[field] === wanted[field] || (field === 'maxEntries' && wanted.maxEntries === 0)) continue
    differences.push({ field, pinned: existing[field], wanted: wanted[field] })
  }
  const pinned = ownFlags(existing)
  const own = ownFlags(wanted)
  if (pinned !== own) differences.push({ field: 'flags', pinned: hexadecimal(pinned), wanted: hexadecimal(own) })
  return differences
}

function ownFlags({ type, flags }: { readonly type: MapType; readonly flags: number }): number {
  return flags & ~accessFlags & ~(devmaps.has(type) ? readOnlyForPrograms : 0)
}

function hexadecimal(flags: number): string {
  return `0x${(flags >>> 0).toString(16)}`
}
