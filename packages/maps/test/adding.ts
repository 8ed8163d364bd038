import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { RawMap } from '@millrace/core'

/** A worker thread that adds the entries [i, 3 * i] to a map of u32 and u64, for i from 0 to `total` - 1, each once. */
export async function adding(map: RawMap, total: number): Promise<AsyncDisposable & { readonly failed: unknown }> {
  const shared = new SharedArrayBuffer(4)
  const worker = new Worker(new URL('./adding.mjs', import.meta.url), { workerData: { mapId: map.id, total, shared } })
  let failed: unknown
  worker.on('error', (error) => {
    failed = error
  })
  const ended = once(worker, 'exit')
  await once(worker, 'online')
  return {
    get failed() {
      return failed
    },
    async [Symbol.asyncDispose]() {
      Atomics.store(new Int32Array(shared), 0, 1)
      await ended
    },
  }
}
