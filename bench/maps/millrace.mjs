// One round of the map measures with Millrace's typed maps.
import { ArrayMap, HashMap, struct, u32, u64 } from '@millrace/maps'
import { ENTRIES, run } from './workload.mjs'

const Counters = struct({ packets: u64, bytes: u64 })
const hash = HashMap.create({ name: 'bench_hash', key: u32, value: Counters, maxEntries: ENTRIES })
const array = ArrayMap.create({ name: 'bench_array', value: Counters, maxEntries: ENTRIES })
run(hash, array)
hash.close()
array.close()
