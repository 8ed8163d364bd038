import { fileURLToPath } from 'node:url'
import { buildC } from '../peers/c.mjs'
import { buildGo } from '../peers/go.mjs'
import { compare } from '../rounds.mjs'

const script = (name) => [process.execPath, fileURLToPath(new URL(name, import.meta.url))]

/** Single operations and iteration of typed maps: 100,000 entries, u32 key, 16-byte value. */
export default async function maps() {
  const go = await buildGo('maps')
  return compare(
    {
      millrace: script('./millrace.mjs'),
      'C (libbpf)': [await buildC('maps')],
      ...(go === undefined ? {} : { 'cilium/ebpf': [go] }),
      'npm bpf': script('./npm-bpf.mjs'),
    },
    { rounds: 7, unit: 'ns', rows: ['hash get', 'hash set', 'array get', 'array set', 'hash iterate'] },
  )
}
