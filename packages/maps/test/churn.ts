import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Codec } from '@millrace/core'

/** A worker thread that sets and deletes these entries of a map over and over until dispose. */
export async function churn<K, V>(
  mapId: number,
  codecs: { readonly key: Codec<K>; readonly value: Codec<V> },
  entries: readonly (readonly [K, V])[],
): Promise<AsyncDisposable> {
  const shared = new SharedArrayBuffer(8)
  const words = new Int32Array(shared)
  const keys = entries.map(([key]) => encoded(codecs.key, key))
  const values = entries.map(([, value]) => encoded(codecs.value, value))
  const worker = new Worker(new URL('./churn.mjs', import.meta.url), { workerData: { mapId, keys, values, shared } })
  const ended = once(worker, 'exit')
  while (Atomics.load(words, 1) === 0) await delay(1)
  return {
    async [Symbol.asyncDispose]() {
      Atomics.store(words, 0, 1)
      await ended
    },
  }
}

function encoded<T>(codec: Codec<T>, value: T): Uint8Array {
  const bytes = new Uint8Array(codec.size)
  codec.encode(value, new DataView(bytes.buffer), 0)
  return bytes
}
