import { createInterface } from 'node:readline'

/** Answers each line of standard input with a report; ends with it, and so with the process that started this one. */
export function answer(report: () => unknown): void {
  // Ctrl-C reaches every process of the terminal; main is the one that takes things down in order.
  process.on('SIGINT', () => {})
  const lines = createInterface({ input: process.stdin })
  lines.on('line', () => process.stdout.write(`${JSON.stringify(report())}\n`))
  lines.on('close', () => process.exit())
}
