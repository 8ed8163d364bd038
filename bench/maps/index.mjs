import { fileURLToPath } from 'node:url'
import { alternate } from '../alternate.mjs'
import { buildC } from '../peers/c.mjs'
import { buildGo } from '../peers/go.mjs'

const script = (name) => [process.execPath, fileURLToPath(new URL(name, import.meta.url))]

const single = [
  'hash get',
  'hash set',
  'hash delete',
  'array get',
  'array set',
  'per-CPU array get',
  'per-CPU array get, summed',
]
const many = ['hash iterate', 'hash read into own buffers', 'hash set, in batches', 'hash delete, in batches']

/** Typed maps: 100,000 entries, u32 key, 16-byte value; and one of a million. */
export default async function maps() {
  const go = await buildGo('maps')
  const contenders = {
    millrace: script('./millrace.mjs'),
    'C (libbpf)': [await buildC('maps')],
    ...(go === undefined ? {} : { 'cilium/ebpf': [go] }),
    'npm bpf': script('./npm-bpf.mjs'),
  }
  const rows = [...single, ...many, 'hash of a million, filled']
  return alternate(contenders, { rounds: 3, batches: 5, unit: 'ns', rows })
}
