// How many instructions the verifier goes through for each program, by kernel: recorded, and not to grow unnoticed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/paths.mjs'

const file = join(root, 'test/kernels/verified-instructions.json')

/** The verifier gives up at a million. */
const most = 100_000
/** By which a count may grow over what is recorded. */
const tolerance = 1.1

/** `[object, program, kernel, count]` of all that was loaded; kernels before 5.16 tell no count. */
function countsOf(runs) {
  return runs.flatMap(({ kernel, features }) =>
    features
      .filter(({ area, outcome }) => area === 'objects' && outcome === 'passed')
      .flatMap(({ name, result }) =>
        Object.entries(result)
          .filter(([, count]) => count > 0)
          .map(([program, count]) => [name, program, kernel, count]),
      ),
  )
}

/** Sentences for what has grown too much, is too large, or is not recorded. */
export function compareCounts(runs, recorded = readCounts()) {
  return countsOf(runs).flatMap(([object, program, kernel, count]) => {
    const known = recorded[object]?.[program]?.[kernel]
    const what = `${object}: the verifier goes through ${count} instructions of ${program} on ${kernel}`
    if (count > most) return [`${what}: more than ${most}`]
    if (known === undefined) return [`${what}, which is not recorded: npm run test:kernels -- --record`]
    return count > known * tolerance ? [`${what}, and recorded are ${known}`] : []
  })
}

/** Writes down what was counted, beside what is known of other kernels. */
export function recordCounts(runs) {
  const recorded = readCounts()
  for (const [object, program, kernel, count] of countsOf(runs)) {
    recorded[object] ??= {}
    recorded[object][program] ??= {}
    recorded[object][program][kernel] = count
  }
  writeFileSync(file, `${JSON.stringify(sorted(recorded), null, 2)}\n`)
  return compareCounts(runs, recorded)
}

const readCounts = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})

function sorted(value) {
  if (typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
