import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

/** A worker thread that runs a program over and over, on packets that begin with 0 to 7, until dispose. */
export async function keepRunning(programId: number, repeat: number): Promise<AsyncDisposable> {
  const shared = new SharedArrayBuffer(8)
  const words = new Int32Array(shared)
  const worker = new Worker(new URL('./run-program.mjs', import.meta.url), {
    workerData: { programId, repeat, shared },
  })
  const ended = once(worker, 'exit')
  const failed = once(worker, 'error').then(([error]) => {
    throw error
  })
  failed.catch(() => {})
  const started = async () => {
    while (Atomics.load(words, 1) === 0) await delay(1)
  }
  await Promise.race([started(), failed])
  return {
    async [Symbol.asyncDispose]() {
      Atomics.store(words, 0, 1)
      await Promise.race([ended, failed])
    },
  }
}
