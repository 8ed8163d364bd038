// Written by bpf2ts from map-of-maps.bpf.o; change the C and run bpf2ts again.
import { type Codec, defineObject } from '@millrace/core'
import { ArrayMap, ArrayOfMaps, array, HashMap, HashOfMaps, u32, u64 } from '@millrace/maps'
import { putU32 } from '@millrace/maps/codec'

/**
 * ```c
 * struct route {
 *     __u32 gateway;
 *     __u32 metric;
 * };
 * ```
 */
export interface Route {
  gateway: number
  metric: number
}

export const Route: Codec<Route> = {
  size: 8,
  alignment: 4,
  layout: ['size 8', 'gateway u32 @0', 'metric u32 @32'],
  encode(value, view, offset) {
    putU32(view, offset, value.gateway, 'gateway')
    putU32(view, offset + 4, value.metric, 'metric')
  },
  decode(view, offset) {
    return { gateway: view.getUint32(offset, true), metric: view.getUint32(offset + 4, true) }
  },
}

/** What map-of-maps.bpf.o declares; `load(mapOfMaps)` of @millrace/core loads it. */
export const mapOfMaps = defineObject({
  name: 'mapOfMaps',
  file: new URL('./map-of-maps.bpf.o', import.meta.url),
  maps: {
    first: HashMap.spec({ name: 'first', key: u32, value: Route, maxEntries: 8 }),
    second: HashMap.spec({ name: 'second', key: u32, value: Route, maxEntries: 8 }),
    tables: ArrayOfMaps.spec({
      name: 'tables',
      inner: HashMap.spec({ name: 'tables.inner', key: u32, value: Route, maxEntries: 8, flags: 1 }),
      maxEntries: 4,
    }),
    rings: ArrayOfMaps.spec({
      name: 'rings',
      inner: ArrayMap.spec({ name: 'rings.inner', value: u64, maxEntries: 16 }),
      maxEntries: 8,
    }),
    ringsByName: HashOfMaps.spec({
      name: 'rings_by_name',
      key: u64,
      inner: ArrayMap.spec({ name: 'rings_by_name.inner', value: u64, maxEntries: 16 }),
      maxEntries: 16,
    }),
  },
  programs: {
    readRings: { name: 'read_rings', type: 'xdp', section: 'xdp' },
    findGateway: { name: 'find_gateway', type: 'xdp', section: 'xdp' },
  },
  constants: {},
  variables: {
    whole: { name: 'whole', section: '.bss', offset: 0, codec: array(u64, 2) },
    missing: { name: 'missing', section: '.bss', offset: 16, codec: array(u64, 2) },
    torn: { name: 'torn', section: '.bss', offset: 32, codec: array(u64, 2) },
    backwards: { name: 'backwards', section: '.bss', offset: 48, codec: array(u64, 2) },
    newest: { name: 'newest', section: '.bss', offset: 64, codec: array(array(u64, 8), 2) },
  },
})
