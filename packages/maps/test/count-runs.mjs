// Worker thread: runs a program so many times, in as many calls. Says that it has begun, and that it is done, in a word that it
// shares with the test.
import { createRequire } from 'node:module'
import { workerData } from 'node:worker_threads'

const addon = process.env.MILLRACE_NATIVE_BINDING ?? '../../core/build/Release/millrace.node'
const binding = createRequire(import.meta.url)(addon)
const { programId, calls, repeat, shared } = workerData
const words = new Int32Array(shared)
const program = binding.openById('program', programId)
/** A child of the process has ended meanwhile, for instance: the program has run less often, and counted that. */
const EINTR = 4
const options = { dataOutSize: 0, contextOutSize: 0, repeat, flags: 0, cpu: 0, batchSize: 0 }

try {
  Atomics.store(words, 0, 1)
  for (let i = 0; i < calls; i++) {
    const result = binding.programTestRun(program, { ...options, data: new Uint8Array(64) })
    if ('errno' in result && result.errno !== EINTR) throw new Error(`the program does not run: errno ${result.errno}`)
  }
} finally {
  Atomics.store(words, 0, 2)
  binding.close(program)
}
