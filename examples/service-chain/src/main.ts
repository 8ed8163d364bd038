import { preflight } from '@millrace/core'
import { ansi, chooseView, hasColour, runProgram } from '@millrace/example-common'
import { type Options, readOptions, USAGE } from './options.js'
import { runScenario } from './scenario.js'
import type { Summary } from './summary.js'
import { dashboard, LEAST_SIZE } from './ui/dashboard.js'
import { plainLines } from './ui/plain.js'
import { summaryLines } from './ui/summary.js'

process.exitCode = await runProgram((signal) => main(process.argv.slice(2), signal))

async function main(args: readonly string[], signal: AbortSignal): Promise<string> {
  const options = readOptions(args)
  if (options.help) return USAGE
  const { ready, problems } = preflight()
  if (!ready) throw new Error(`The service chain cannot run here: ${problems.join('; ')}.`)

  const summary = await run(options, signal)
  if (options.json) return JSON.stringify(summary, null, 2)
  const lines = summaryLines(summary).map((line) => ansi(line, hasColour(process.stdout)))
  return `\n${lines.join('\n')}\n`
}

/** The terminal is given back before anything else is printed. */
async function run(options: Options, signal: AbortSignal): Promise<Summary> {
  const { hook, script, json, plain, seconds, changes } = options
  const hasKeys = process.stdin.isTTY && process.stdout.isTTY && !script && !json && !plain && changes === undefined
  const look = { title: 'npm run example -- service-chain', leastSize: LEAST_SIZE, dashboard, plainLines }
  using view = chooseView(look, options, process.stdout)
  return await runScenario({ hook, seconds: hasKeys ? undefined : seconds, changes, view, signal })
}
