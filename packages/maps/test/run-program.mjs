// Worker thread: runs a program over and over on packets that begin with 0 to 7 in turn, until the word it shares with the test is
// no longer 0. Counts rounds in the second word.
import { createRequire } from 'node:module'
import { workerData } from 'node:worker_threads'

const addon = process.env.MILLRACE_NATIVE_BINDING ?? '../../core/build/Release/millrace.node'
const binding = createRequire(import.meta.url)(addon)
const { programId, repeat, shared } = workerData
const words = new Int32Array(shared)
const program = binding.openById('program', programId)
const options = { dataOutSize: 0, contextOutSize: 0, repeat, flags: 0, cpu: 0, batchSize: 0 }

try {
  while (Atomics.load(words, 0) === 0) {
    for (let index = 0; index < 8; index++) {
      const data = new Uint8Array(64)
      data[0] = index
      const result = binding.programTestRun(program, { ...options, data })
      if ('errno' in result) throw new Error(`the program does not run: errno ${result.errno}`)
    }
    Atomics.add(words, 1, 1)
  }
} finally {
  binding.close(program)
}
