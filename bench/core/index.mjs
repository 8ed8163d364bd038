import { fileURLToPath } from 'node:url'
import { alternate } from '../alternate.mjs'
import { buildC } from '../peers/c.mjs'
import { buildGo } from '../peers/go.mjs'
import { compare } from '../rounds.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))

const objects = {
  small: path('../generated/small.bpf.o'),
  firewall: path('../../examples/firewall/src/generated/firewall.bpf.o'),
}

/** Loading the smallest XDP object and the firewall example's, and what importing the packages costs at start-up. */
export default async function core() {
  const c = await buildC('load')
  const go = await buildGo('load')
  const rows = []
  for (const [name, object] of Object.entries(objects)) {
    const contenders = {
      millrace: [process.execPath, path('./millrace.mjs'), object],
      'C (libbpf)': [c, object],
      ...(go === undefined ? {} : { 'cilium/ebpf': [go, object] }),
    }
    const loading = ['open + load, steady', 'open + load + close, steady', 'open + load, first']
    const compared = await alternate(contenders, { rounds: 5, batches: 40, unit: 'µs', rows: loading })
    rows.push(...compared.map((row) => ({ ...row, name: `${name}: ${row.name}` })))
  }
  const importing = { millrace: [process.execPath, path('./import.mjs')] }
  rows.push(...(await compare(importing, { rounds: 9, unit: 'ms', rows: ['import core + maps + xdp'] })))
  return rows
}
