import { describe, expect, it } from 'vitest'
import type { MapInfo } from '../map-info.js'
import { mapDifferences, roundedEntries, type WantedMap } from './map-difference.js'

const existing: MapInfo = {
  id: 1,
  type: 'hash',
  name: 'flows',
  keySize: 4,
  valueSize: 8,
  maxEntries: 16,
  flags: 0,
  mapExtra: 0n,
  ifindex: 0,
  btfId: 0,
  btfKeyTypeId: 0,
  btfValueTypeId: 0,
  memlock: undefined,
  frozen: false,
}
const wanted: WantedMap = { type: 'hash', keySize: 4, valueSize: 8, maxEntries: 16, flags: 0 }

describe('mapDifferences', () => {
  it('is empty for the same map', () => {
    expect(mapDifferences(existing, wanted)).toEqual([])
  })

  it('lists every difference, not the first', () => {
    const other: WantedMap = { type: 'lru_hash', keySize: 8, valueSize: 16, maxEntries: 32, flags: 2 }
    expect(mapDifferences(existing, other)).toEqual([
      { field: 'type', pinned: 'hash', wanted: 'lru_hash' },
      { field: 'keySize', pinned: 4, wanted: 8 },
      { field: 'valueSize', pinned: 8, wanted: 16 },
      { field: 'maxEntries', pinned: 16, wanted: 32 },
      { field: 'flags', pinned: '0x0', wanted: '0x2' },
    ])
  })

  it('knows the flag that the kernel adds to device maps', () => {
    const readOnlyForPrograms = 1 << 7
    const devmap = { ...existing, type: 'devmap', flags: readOnlyForPrograms } as const
    expect(mapDifferences(devmap, { ...wanted, type: 'devmap' })).toEqual([])
    expect(mapDifferences({ ...existing, flags: readOnlyForPrograms }, wanted)).toHaveLength(1)
  })

  it('does not mind how the first descriptor was opened', () => {
    expect(mapDifferences({ ...existing, flags: 1 << 3 }, wanted)).toEqual([])
  })

  it('leaves the number of entries to the kernel where the object does', () => {
    expect(
      mapDifferences(
        { ...existing, type: 'perf_event_array', maxEntries: 2 },
        { ...wanted, type: 'perf_event_array', maxEntries: 0 },
      ),
    ).toEqual([])
  })
})

describe('roundedEntries', () => {
  it.each([
    ['hash', 0, 99, 99],
    ['lru_hash', 0, 99, 99],
    ['lru_hash', 2, 99, 100],
    ['lru_percpu_hash', 2, 100, 100],
    ['ringbuf', 0, 4096, 4096],
    ['ringbuf', 0, 1000, 4096],
    ['ringbuf', 0, 12288, 16384],
  ] as const)('a %s with flags %i and %i entries gets %i on 4 CPUs', (type, flags, maxEntries, rounded) => {
    expect(roundedEntries({ ...wanted, type, flags, maxEntries }, () => 4)).toBe(rounded)
  })
})
