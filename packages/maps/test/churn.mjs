// Worker thread: sets and deletes entries of a map over and over, past all typed classes, until the word it shares with
// the test is no longer 0. Counts rounds in the second word.
import { createRequire } from 'node:module'
import { workerData } from 'node:worker_threads'

const addon = process.env.MILLRACE_NATIVE_BINDING ?? '../../core/build/Release/millrace.node'
const binding = createRequire(import.meta.url)(addon)
const { mapId, keys, values, shared } = workerData
const words = new Int32Array(shared)
const map = binding.openById('map', mapId)

try {
  while (Atomics.load(words, 0) === 0) {
    for (const [i, key] of keys.entries()) binding.mapUpdate(map, key, values[i], 0)
    for (const key of keys) binding.mapDelete(map, key)
    Atomics.add(words, 1, 1)
  }
} finally {
  binding.close(map)
}
