import { fileURLToPath } from 'node:url'
import { alternate } from '../alternate.mjs'
import { buildC } from '../peers/c.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Reading and writing an array of 64 values in mapped memory; in C the peer is a volatile load, and one row is by system calls. */
export default async function view() {
  return alternate(
    { millrace: [process.execPath, path('./millrace.mjs')], 'C (libbpf)': [await buildC('view')] },
    {
      rounds: 5,
      batches: 9,
      unit: 'ns',
      rows: [
        'mapped counter read',
        'mapped counter of 32 bits read',
        'mapped field of a struct read',
        'mapped struct of 16 bytes copied',
        'mapped single value read',
        'mapped counter write',
        'mapped counter read, atomically',
        'mapped counter add, atomically',
        'array counter read, by a system call',
      ],
    },
  )
}
