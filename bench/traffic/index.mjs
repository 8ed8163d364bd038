import { fileURLToPath } from 'node:url'
import { compare } from '../rounds.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const main = path('../../examples/service-chain/dist/main.js')

const figures = ['iperf3, Gbit/s', 'iperf3, segments sent again', 'TCP connections reset', 'HTTP requests answered']
const losses = ['HTTP requests failed', 'probes sent', 'probes lost', 'packets that missed a stage']
const changes = ['changes', 'a change, µs']

/** What 1,000 changes of a chain do to the traffic through it: the peer is the same chain, left alone. */
export default async function traffic() {
  const rows = []
  for (const hook of ['xdp', 'tc', 'clsact']) {
    const run = (count) => [process.execPath, path('./run.mjs'), main, hook, count]
    const contenders = { millrace: run('1000'), 'no changes': run('0') }
    const compared = await compare(contenders, { rounds: 3, unit: '', rows: [...figures, ...losses, ...changes] })
    rows.push(...compared.map((row) => ({ ...row, name: `${hook}: ${row.name}` })))
  }
  return rows
}
