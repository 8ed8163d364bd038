import { parseArgs } from 'node:util'
import { CodegenError } from '../errors.js'

/** What the command line asks for. */
export interface Arguments {
  readonly inputs: readonly string[]
  /** file, folder, or `-` for standard output */
  readonly output: string | undefined
  readonly name: string | undefined
  readonly types: readonly string[]
  readonly check: boolean
  readonly json: boolean
}

/** `ERR_USAGE`: a command line that cannot be understood. */
export class UsageError extends CodegenError {
  override readonly code = 'ERR_USAGE'
}

/** Reads a command line; null when it asks for help. */
export function readArguments(argv: readonly string[]): Arguments | null {
  const { values, positionals } = parse(argv)
  if (values.help) return null
  if (positionals.length === 0) throw new UsageError('no object file was given')
  if (positionals.length > 1 && values.name !== undefined) {
    throw new UsageError('--name is for one object file; several are named after their files')
  }
  if (values.check && values.output === '-') throw new UsageError('--check compares with a file; -o - has none')
  if (values.json && values.output === '-') throw new UsageError('--json and -o - would both write to standard output')
  return {
    inputs: positionals,
    output: values.output,
    name: values.name,
    types: values.type,
    check: values.check,
    json: values.json,
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        output: { type: 'string', short: 'o' },
        name: { type: 'string', short: 'n' },
        type: { type: 'string', short: 't', multiple: true, default: [] },
        check: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? '')
  }
}
