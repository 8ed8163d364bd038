import { nodeMajors } from './node-binaries.mjs'
import { Refusal } from './run.mjs'

/** What `npm run test:nodes` was asked for; what follows `--` is for vitest. */
export function readArguments(given) {
  const dashes = given.indexOf('--')
  const own = dashes < 0 ? given : given.slice(0, dashes)
  const switches = new Set(own.filter((it) => it.startsWith('-')))
  const majors = own.filter((it) => !it.startsWith('-'))
  const unknown =
    majors.find((it) => !nodeMajors.includes(it)) ??
    [...switches].find((it) => !['--json', '--update', '--help'].includes(it))
  if (unknown !== undefined) {
    throw new Refusal(`${unknown} is none of ${[...nodeMajors, '--json', '--update', '--help'].join(', ')}`)
  }
  return {
    majors: majors.length === 0 ? nodeMajors : [...new Set(majors)],
    json: switches.has('--json'),
    update: switches.has('--update'),
    help: switches.has('--help'),
    vitestArguments: dashes < 0 ? [] : given.slice(dashes + 1),
  }
}

/** One line a version. */
export function nodesTable(results) {
  const head = ['Node', 'passed', 'failed', 'seconds']
  const rows = [head, ...results.map((it) => [it.version, `${it.passed}`, `${it.failed}`, `${it.seconds}`])]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = ([first, ...rest]) =>
    [first.padEnd(widths[0]), ...rest.map((cell, index) => cell.padStart(widths[index + 1]))].join('  ')
  return rows.map(line).join('\n')
}
