import { preflight } from '@millrace/core'
import { runProgram } from '@millrace/example-common'
import { examples } from './examples.js'

const names = Object.keys(examples)
const USAGE = `Runs small programs, one for each hook of sockets, and prints what came of each as JSON.

Usage: npm run example -- sockets [NAME...]

NAME is one of ${names.join(', ')}; without one, all of them are run.`

process.exitCode = await runProgram(() => main(process.argv.slice(2)))

async function main(args: readonly string[]): Promise<string> {
  if (args.includes('--help')) return USAGE
  const unknown = args.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`There is no ${unknown}: it is one of ${names.join(', ')}.`)
  const { ready, problems } = preflight()
  if (!ready) throw new Error(`The examples cannot run here: ${problems.join('; ')}.`)

  const results: Record<string, object | undefined> = {}
  for (const name of args.length === 0 ? names : args) results[name] = await examples[name]?.()
  return JSON.stringify(results, null, 2)
}
