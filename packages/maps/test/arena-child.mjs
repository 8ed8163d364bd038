// A process or thread of its own, past all typed classes: adds one to the u64 at 16 bytes of an arena, by its id or the path of a pin, and
// says where the arena lies.
import { createRequire } from 'node:module'

const addon = process.env.MILLRACE_NATIVE_BINDING ?? '../../core/build/Release/millrace.node'
const binding = createRequire(import.meta.url)(addon)
const name = process.argv[2]
const handle = Number(name) > 0 ? binding.openById('map', Number(name)) : binding.pinOpen(name, 0).handle
const memory = binding.memoryMap(handle, true)
const words = new BigUint64Array(binding.memoryBuffer(memory))
Atomics.add(words, 2, 1n)
console.log(binding.memoryAddress(memory))
