// Runs four threads of mixed map operations for so many minutes, and prints what the process had at the beginning and at the end.
import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

const THREADS = 4
const milliseconds = Number(process.argv[2]) * 60_000
/** Until the heaps of all threads have found their size. */
const SETTLING = 0.2
const PARTS = 10

const shared = new SharedArrayBuffer(8 * THREADS + 8)
const operations = new BigInt64Array(shared)
const errors = []
const workers = Array.from({ length: THREADS }, (_, thread) => {
  const worker = new Worker(new URL('./operations.mjs', import.meta.url), { workerData: { shared, thread } })
  worker.on('error', (error) => errors.push(error))
  return worker
})
const ended = Promise.all(workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))))

const samples = []
const start = Date.now()
while (Date.now() - start < milliseconds && errors.length === 0) {
  await delay(Math.min(1000, milliseconds / 100))
  process.stderr.write(`${Math.round((Date.now() - start) / 1000)} s \r`)
  samples.push({ rss: process.memoryUsage.rss() / 2 ** 20, descriptors: readdirSync('/proc/self/fd').length })
}
Atomics.store(operations, THREADS, 1n)
await ended
for (const error of errors) console.error(error)
if (errors.length > 0) process.exit(1)

const settled = samples.slice(Math.floor(samples.length * SETTLING))
const part = Math.max(Math.floor(settled.length / PARTS), 1)
const mean = (of, figure) => of.reduce((sum, sample) => sum + sample[figure], 0) / of.length
const [early, late] = [settled.slice(0, part), settled.slice(-part)]
console.log(
  JSON.stringify({
    'memory, early, MiB': mean(early, 'rss'),
    'memory, late, MiB': mean(late, 'rss'),
    'descriptors, early': mean(early, 'descriptors'),
    'descriptors, late': mean(late, 'descriptors'),
    'millions of operations': operations.slice(0, THREADS).reduce((sum, count) => sum + Number(count), 0) / 1e6,
    errors: errors.length,
  }),
)
