import { readFileSync, writeFileSync } from 'node:fs'
import { bpf2ts } from '../bpf2ts.js'
import { CodegenError } from '../errors.js'
import { type Arguments, readArguments, UsageError } from './arguments.js'
import { diff } from './diff.js'
import { help } from './help.js'
import { type Target, targetsOf } from './targets.js'

/** Where the command prints; `process.stdout` and `process.stderr` but in tests. */
export interface Output {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

/** What became of one object file. */
interface Outcome {
  readonly input: string
  readonly output: string
  readonly status: 'written' | 'unchanged' | 'stale' | 'failed'
  readonly code?: string
  readonly message?: string
}

/** Runs the command and returns its exit code. */
export function run(argv: readonly string[], { stdout, stderr }: Output): number {
  try {
    const args = readArguments(argv)
    if (args === null) {
      stdout.write(help)
      return 0
    }
    const outcomes = targetsOf(args).map((target) => runOne(target, args, { stdout, stderr }))
    if (args.json) stdout.write(`${JSON.stringify({ modules: outcomes }, null, 2)}\n`)
    return outcomes.some(({ status }) => status === 'stale' || status === 'failed') ? 1 : 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    stderr.write(`bpf2ts: ${error.message}\nTry bpf2ts --help.\n`)
    return 2
  }
}

function runOne(target: Target, args: Arguments, { stdout, stderr }: Output): Outcome {
  const { input, output, url } = target
  try {
    const text = bpf2ts(readFileSync(input), { file: input, name: args.name, url, types: args.types })
    if (output === '-') {
      stdout.write(text)
      return { input, output, status: 'written' }
    }
    const before = readIfThere(output)
    if (before === text) return { input, output, status: 'unchanged' }
    if (!args.check) {
      writeFileSync(output, text)
      return { input, output, status: 'written' }
    }
    const message = before === undefined ? 'the module does not exist' : diff(before, text)
    stderr.write(`bpf2ts: ${output} is stale; run bpf2ts ${input} again\n${message}\n`)
    return { input, output, status: 'stale', message }
  } catch (error) {
    const { code, message } = explain(error)
    stderr.write(`bpf2ts: ${input}: ${message}\n`)
    return { input, output, status: 'failed', code, message }
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Errors of ours and of the file system have a code; any other is a bug and is thrown on. */
function explain(error: unknown): { code: string; message: string } {
  if (error instanceof CodegenError) return { code: error.code, message: error.message }
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined) throw error
  return { code, message }
}
