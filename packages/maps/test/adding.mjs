// Worker thread: adds the entries 0 to total - 1 to a map of u32 and u64, each once, past all typed classes; waits for room.
import { createRequire } from 'node:module'
import { workerData } from 'node:worker_threads'

const addon = process.env.MILLRACE_NATIVE_BINDING ?? '../../core/build/Release/millrace.node'
const binding = createRequire(import.meta.url)(addon)
const { mapId, total, shared } = workerData
const words = new Int32Array(shared)
const map = binding.openById('map', mapId)
const key = new Uint32Array(1)
const value = new BigUint64Array(1)
const [keyBytes, valueBytes] = [new Uint8Array(key.buffer), new Uint8Array(value.buffer)]
const BPF_NOEXIST = 1
const E2BIG = 7

try {
  for (let i = 0; i < total && Atomics.load(words, 0) === 0; ) {
    key[0] = i
    value[0] = BigInt(i) * 3n
    const result = binding.mapUpdate(map, keyBytes, valueBytes, BPF_NOEXIST)
    if (result === 0) i++
    else if (result !== -E2BIG) throw new Error(`adding ${i}: ${result}`)
  }
} finally {
  binding.close(map)
}
