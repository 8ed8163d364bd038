import { ArrayMap, ArrayOfMaps, HashMap, HashOfMaps, u32, u64 } from '../src/index.js'

export const table = HashMap.spec({ name: 'table', key: u32, value: u64, maxEntries: 8 })
export const ring = ArrayMap.spec({ name: 'ring', value: u64, maxEntries: 4 })

export const tables = (maxEntries = 4) => ArrayOfMaps.create({ name: 'tables', maxEntries, inner: table })
export const tenants = (maxEntries = 4) => HashOfMaps.create({ name: 'tenants', key: u64, maxEntries, inner: table })
