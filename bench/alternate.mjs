// Contenders live side by side and take turns after each small batch: a machine that changes its speed from second to second
// does so for all.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Samples } from './rows.mjs'

/** A process that reads the name of a row and prints what one batch of it gave; '' where it has no such row. */
class Contender {
  #name
  #process
  #lines

  constructor(name, [command, ...args]) {
    this.#name = name
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
  }

  async measure(row) {
    this.#process.stdin.write(`${row}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`${this.#name} ended at "${row}"`)
    return value === '' ? undefined : Number(value)
  }

  async end() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    this.#process.stdin.end()
    await once(this.#process, 'close')
  }
}

/**
 * @param {Record<string, string[]>} contenders command by name; see contender.mjs
 * @param {{ rounds: number, batches: number, unit: string, rows: string[] }} options in each round the contenders begin anew
 * @returns {Promise<ReturnType<Samples['tabulate']>>}
 */
export async function alternate(contenders, { rounds, batches, unit, rows }) {
  const samples = new Samples(Object.keys(contenders))
  for (let round = 1; round <= rounds; round++) {
    const running = Object.entries(contenders).map(([name, command]) => [name, new Contender(name, command)])
    try {
      for (const row of rows) {
        process.stderr.write(`round ${round} of ${rounds}: ${row}`.padEnd(70).concat('\r'))
        for (let batch = 0; batch < batches; batch++) {
          for (const [name, contender] of running) {
            const figure = await contender.measure(row)
            if (figure !== undefined) samples.add(name, row, figure)
          }
        }
      }
    } finally {
      for (const [, contender] of running) await contender.end()
    }
  }
  process.stderr.write('\n')
  return samples.tabulate(rows, unit)
}
