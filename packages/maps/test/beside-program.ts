import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Program } from '@millrace/core'

/** Calls of the worker while this thread works: many times `repeat` runs of the program. */
const LEAST_CALLS = 5

/**
 * Runs a program on another thread, an odd number of times a call, and `meanwhile` over and over on this one: until the program has run
 * often enough and `meanwhile` returns false.
 */
export async function besideProgram(program: Program, meanwhile: () => boolean): Promise<void> {
  const shared = new SharedArrayBuffer(8)
  const words = new Int32Array(shared)
  const workerData = { programId: program.id, repeat: 9999, shared }
  const worker = new Worker(new URL('./count-runs.mjs', import.meta.url), { workerData })
  // Rejects when the worker throws.
  const ended = once(worker, 'exit')
  ended.catch(() => {})
  try {
    await Promise.race([once(worker, 'online'), ended])
    let wantsMore = true
    while (wantsMore || Atomics.load(words, 1) < LEAST_CALLS) {
      for (let i = 0; i < 1000; i++) wantsMore = meanwhile()
      // A worker that failed, and the test's own timeout, are noticed in between.
      await new Promise(setImmediate)
      if (worker.threadId === -1) break
    }
  } finally {
    Atomics.store(words, 0, 1)
    await ended
  }
}
