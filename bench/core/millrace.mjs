// Opens, loads and closes an object file with Millrace, in microseconds.
import { loadSync } from '@millrace/core'
import { cpuUs, serve } from '../contender.mjs'

// As many as the others: what a machine does first says little, and a compiler needs its time.
const WARM_UP = 400
const BATCH = 20
const file = process.argv[2]

/** Microseconds an object, of a batch: reading the clock takes as long as a small part of a load. */
function batch(length) {
  const start = cpuUs()
  const objects = Array.from({ length }, () => loadSync(file))
  const loaded = cpuUs()
  for (const object of objects) object.close()
  return { load: (loaded - start) / length, cycle: (cpuUs() - start) / length }
}

const first = batch(1).load
let warm = false

function steady(figure) {
  for (let i = 0; i < WARM_UP && !warm; i++) batch(BATCH)
  warm = true
  return batch(BATCH)[figure]
}

await serve({
  'open + load, first': () => first,
  'open + load, steady': () => steady('load'),
  'open + load + close, steady': () => steady('cycle'),
})
