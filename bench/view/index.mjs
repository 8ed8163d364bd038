import { fileURLToPath } from 'node:url'
import { alternate } from '../alternate.mjs'
import { buildC } from '../peers/c.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Reading and writing an array of 64 values in mapped memory; in C by a volatile load, and one row by system calls. */
export default async function view() {
  return alternate(
    { millrace: [process.execPath, path('./millrace.mjs')], 'C (volatile load)': [await buildC('view')] },
    {
      rounds: 5,
      batches: 9,
      unit: 'ns',
      rows: [
        'read a u64',
        'read a u32',
        'read a field of a struct',
        'read a struct of 16 bytes, a copy',
        'read one value',
        'write a u64',
        'read a u64, atomically',
        'add to a u64, atomically',
        'read a u64 by a system call',
      ],
    },
  )
}
