// Every contender runs as a process of its own, in turn, round after round: a machine whose speed drifts is slow for all.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/**
 * @param {Record<string, string[]>} contenders command by name; each prints one JSON object, figure by row
 * @param {{ rounds: number, unit: string, rows: string[] }} options
 * @returns {Promise<{ name: string, unit: string, millrace: number, peers: Record<string, number>, spread: Record<string, [number, number]> }[]>}
 *   medians, and the least and the greatest figure by contender
 */
export async function compare(contenders, { rounds, unit, rows }) {
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const [name, [command, ...args]] of Object.entries(contenders)) {
      process.stderr.write(`round ${round} of ${rounds}: ${name}            \r`)
      const { stdout } = await run(command, args)
      samples[name].push(JSON.parse(stdout))
    }
  }
  process.stderr.write('\n')
  const numbersOf = (name, row) => samples[name].map((sample) => sample[row]).filter((number) => number !== undefined)
  const figure = (name, row) => {
    const numbers = numbersOf(name, row)
    return numbers.length === 0 ? undefined : median(numbers)
  }
  return rows.map((row) => ({
    name: row,
    unit,
    millrace: figure('millrace', row),
    peers: Object.fromEntries(
      Object.keys(contenders)
        .filter((name) => name !== 'millrace' && figure(name, row) !== undefined)
        .map((name) => [name, figure(name, row)]),
    ),
    spread: Object.fromEntries(
      Object.keys(contenders)
        .filter((name) => figure(name, row) !== undefined)
        .map((name) => [name, [Math.min(...numbersOf(name, row)), Math.max(...numbersOf(name, row))]]),
    ),
  }))
}
