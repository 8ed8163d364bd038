import { fileURLToPath } from 'node:url'
import { compare } from '../rounds.mjs'

const script = fileURLToPath(new URL('./process.mjs', import.meta.url))
const MINUTES = process.env.SOAK_MINUTES ?? '10'

/** Mixed operations on maps from four threads for ten minutes, or SOAK_MINUTES: does the process grow? An error ends it. */
export default async function soak() {
  const rows = ['memory, early, MiB', 'memory, late, MiB', 'descriptors, early', 'descriptors, late']
  return compare(
    { millrace: [process.execPath, script, MINUTES] },
    { rounds: 1, unit: '', rows: [...rows, 'millions of operations', 'errors'] },
  )
}
