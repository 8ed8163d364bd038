import { preflight } from '@millrace/core'
import { type Options, readOptions, USAGE } from './options.js'
import { runScenario } from './scenario.js'
import type { Summary } from './summary.js'
import { ansi } from './ui/ansi.js'
import { summaryLines } from './ui/summary.js'
import { chooseView, hasColour } from './ui/views.js'

const INTERRUPTED = 130

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const interrupt = interruption()
  try {
    const options = readOptions(args)
    if (options.help) return print(USAGE)
    const { ready, problems } = preflight()
    if (!ready) return complain(`The firewall cannot run here: ${problems.join('; ')}.`, 1)

    const summary = await run(options, interrupt)
    if (options.json) return print(JSON.stringify(summary, null, 2))
    const lines = summaryLines(summary).map((line) => ansi(line, hasColour(process.stdout)))
    return print(`\n${lines.join('\n')}\n`)
  } catch (error) {
    if (interrupt.aborted) return complain('Interrupted: programs, processes and namespaces are gone.', INTERRUPTED)
    return complain(error instanceof Error ? error.message : String(error), 1)
  }
}

/** The terminal is given back before anything else is printed. */
async function run(options: Options, signal: AbortSignal): Promise<Summary> {
  using view = chooseView(options, process.stdout)
  return await runScenario({ seconds: options.seconds, view, signal })
}

/** Aborted by the first Ctrl-C or the like, so that everything is taken down in order; the second one ends at once. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const interrupt = () => (controller.signal.aborted ? process.exit(INTERRUPTED) : controller.abort())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  return controller.signal
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function complain(message: string, code: number): number {
  process.stderr.write(`${message}\n`)
  return code
}
