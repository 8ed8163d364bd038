// A process of its own, past all typed classes: adds one to the u64 at 16 bytes of a pinned arena, and says where that lies.
import { createRequire } from 'node:module'

const addon = process.env.MILLRACE_NATIVE_BINDING ?? '../../core/build/Release/millrace.node'
const binding = createRequire(import.meta.url)(addon)
const { handle } = binding.pinOpen(process.argv[2], 0)
const memory = binding.memoryMap(handle, true)
const words = new BigUint64Array(binding.memoryBuffer(memory))
Atomics.add(words, 2, 1n)
console.log(binding.memoryAddress(memory))
