import { Worker } from 'node:worker_threads'
import { bundleEnvironment } from './bundle.js'

/** Runs CommonJS in a worker thread; what it posts as its first message, once it has ended. */
export function inWorker(script: string): Promise<unknown> {
  const env = { ...bundleEnvironment } as Record<string, string>
  const worker = new Worker(script, { eval: true, env, stderr: true })
  return new Promise((resolve, reject) => {
    worker.once('message', (message) => worker.once('exit', () => resolve(message)))
    worker.once('error', reject)
  })
}
