// Opens, loads and closes an object file with Millrace, in microseconds.
import { loadSync } from '@millrace/core'
import { cpuUs, serve } from '../contender.mjs'

// As many as the others: what a machine does first says little, and a compiler needs its time.
const WARM_UP = 8000
const BATCH = 100
const file = process.argv[2]
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1]

function once() {
  const start = cpuUs()
  const object = loadSync(file)
  const loaded = cpuUs()
  object.close()
  return { load: loaded - start, cycle: cpuUs() - start }
}

const first = once().load
let warm = false

function steady(figure) {
  if (!warm) for (let i = 0; i < WARM_UP; i++) once()
  warm = true
  return median(Array.from({ length: BATCH }, () => once()[figure]))
}

await serve({
  'open + load, first': () => first,
  'open + load, steady': () => steady('load'),
  'open + load + close, steady': () => steady('cycle'),
})
