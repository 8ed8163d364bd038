// Every contender runs as a process of its own, in turn, round after round: a machine whose speed drifts is slow for all.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Samples } from './rows.mjs'

const run = promisify(execFile)

/**
 * @param {Record<string, string[]>} contenders command by name; each prints one JSON object, figure by row
 * @param {{ rounds: number, unit: string, rows: string[] }} options
 * @returns {Promise<ReturnType<Samples['tabulate']>>}
 */
export async function compare(contenders, { rounds, unit, rows }) {
  const samples = new Samples(Object.keys(contenders))
  for (let round = 1; round <= rounds; round++) {
    for (const [name, [command, ...args]] of Object.entries(contenders)) {
      process.stderr.write(`round ${round} of ${rounds}: ${name}            \r`)
      const { stdout } = await run(command, args)
      for (const [row, figure] of Object.entries(JSON.parse(stdout))) samples.add(name, row, figure)
    }
  }
  process.stderr.write('\n')
  return samples.tabulate(rows, unit)
}
