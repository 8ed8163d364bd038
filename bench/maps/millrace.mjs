// The map measures with Millrace's typed maps.
import { ArrayMap, HashMap, PerCpuArrayMap, struct, u32, u64 } from '@millrace/maps'
import { ENTRIES, indices, MILLION, million, perEntry, run, scattered, values, verify } from './workload.mjs'

const Counters = struct({ packets: u64, bytes: u64 })
const hash = HashMap.create({ name: 'bench_hash', key: u32, value: Counters, maxEntries: ENTRIES })
const array = ArrayMap.create({ name: 'bench_array', value: Counters, maxEntries: ENTRIES })
const perCpu = PerCpuArrayMap.create({ name: 'bench_per_cpu', value: Counters, maxEntries: ENTRIES })
const large = HashMap.create({ name: 'bench_large', key: u32, value: Counters, maxEntries: MILLION })

const none = values[0]
for (const i of indices) perCpu.set(i, [values[i % values.length], ...new Array(perCpu.cpus - 1).fill(none)])

/** Every byte of the caller's, made once. */
const batch = {
  token: new Uint8Array(4),
  keys: new Uint8Array(4096 * 4),
  values: new Uint8Array(4096 * 16),
  count: new Uint32Array(1),
}
const packets = new BigUint64Array(batch.values.buffer)

function readBatches() {
  let sum = 0n
  for (let first = true, result = 0; result === 0; first = false) {
    batch.count[0] = 4096
    result = hash.raw.lookupBatch(first, batch.token, batch.keys, batch.values, batch.count)
    for (let i = 0; i < batch.count[0]; i++) sum += packets[2 * i]
  }
  verify(sum)
}

const pairs = Array.from(scattered, (key, i) => [key, values[i % values.length]])

function* entries() {
  for (let i = 0; i < MILLION; i++) yield [million[i], values[i % values.length]]
}

const sums = perCpu.merged('sum')

function getSums() {
  let sum = 0n
  for (let i = 0; i < ENTRIES; i++) sum += sums.get(i).packets
  verify(sum)
}

await run({ hash, array, perCpu }, ({ fill }) => ({
  'per-CPU array get, summed': perEntry(ENTRIES, getSums),
  'hash read into own buffers': perEntry(ENTRIES, readBatches, fill),
  'hash set, in batches': perEntry(ENTRIES, () => hash.setAll(pairs)),
  'hash delete, in batches': perEntry(ENTRIES, () => hash.deleteAll(scattered), fill),
  'hash of a million, filled': perEntry(
    MILLION,
    () => large.setAll(entries()),
    () => large.clear(),
  ),
}))
