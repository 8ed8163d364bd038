/** The exit code of a program that was interrupted, as shells have it for SIGINT. */
const INTERRUPTED = 130

/**
 * Runs an example: prints what it returns, and what went wrong as one message. The signal is aborted by the first Ctrl-C or the like, so
 * that everything is taken down in order; the second one ends at once.
 *
 * @returns the exit code
 */
export async function runProgram(run: (signal: AbortSignal) => Promise<string>): Promise<number> {
  const signal = interruption()
  try {
    process.stdout.write(`${await run(signal)}\n`)
    return 0
  } catch (error) {
    if (signal.aborted) return complain('Interrupted: programs, processes and namespaces are gone.', INTERRUPTED)
    return complain(error instanceof Error ? error.message : String(error), 1)
  }
}

function interruption(): AbortSignal {
  const controller = new AbortController()
  const interrupt = () => (controller.signal.aborted ? process.exit(INTERRUPTED) : controller.abort())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  return controller.signal
}

function complain(message: string, code: number): number {
  process.stderr.write(`${message}\n`)
  return code
}
