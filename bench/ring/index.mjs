import { fileURLToPath } from 'node:url'
import { buildC } from '../peers/c.mjs'
import { buildGo } from '../peers/go.mjs'
import { compare } from '../rounds.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))

/**
 * Records of 64 bytes: CPU time for each of those that wait in a ring buffer of 4 MiB, and with a producer in a process
 * of its own the time from one to the next and the reader's CPU time.
 */
export default async function ring() {
  const object = path('../generated/ring.bpf.o')
  const producer = await buildC('produce')
  const go = await buildGo('ring')
  const contenders = {
    millrace: [process.execPath, path('./millrace.mjs'), object, producer],
    'C (libbpf)': [await buildC('ring'), object, producer],
    ...(go === undefined ? {} : { 'cilium/ebpf': [go, object, producer] }),
  }
  return compare(contenders, {
    rounds: 7,
    unit: 'ns',
    rows: [
      'drained, two fields read',
      'drained, a u64 and a u32 read',
      'drained, each decoded',
      'for await, each decoded',
      'live producer, a record',
      "live producer, the reader's CPU",
    ],
  })
}
