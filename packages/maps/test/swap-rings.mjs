// A process of its own, past all typed classes: replaces the first ring of a pinned map of rings so often, each time with
// numbers higher by one, and spoils the one that was there.
import { createRequire } from 'node:module'

const [pin, swaps] = process.argv.slice(2)
const addon = process.env.MILLRACE_NATIVE_BINDING ?? '../../core/build/Release/millrace.node'
const binding = createRequire(import.meta.url)(addon)

const ARRAY = 2
const SIZE = 16
const numbers = new BigUint64Array(1)
const number = new Uint8Array(numbers.buffer)
const index = new Uint32Array(1)
const key = new Uint8Array(index.buffer)
const descriptor = new Uint32Array(1)

function check(result) {
  if (result !== 0) throw new Error(`errno ${-result}`)
}

function fill(ring, first, value) {
  numbers[0] = value
  for (index[0] = first; index[0] < SIZE; index[0]++) check(binding.mapUpdate(ring, key, number, 0))
}

const opened = binding.pinOpen(pin, 0)
if ('errno' in opened) throw new Error(`no map is pinned at ${pin}: errno ${opened.errno}`)
let old
for (let swap = 1; swap <= Number(swaps); swap++) {
  const ring = binding.mapCreate(ARRAY, 'ring', 4, 8, SIZE, 0)
  fill(ring, 0, BigInt(swap))
  descriptor[0] = binding.descriptor(ring)
  index[0] = 0
  check(binding.mapUpdate(opened.handle, key, new Uint8Array(descriptor.buffer), 0))
  if (old !== undefined) {
    fill(old, SIZE / 2, 0n)
    binding.close(old)
  }
  old = ring
}
