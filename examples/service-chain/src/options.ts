import { parseArgs } from 'node:util'

export const USAGE = `The service chain example: four network functions on a gateway, changed while traffic flows.

Usage: npm run example -- service-chain [options]

In a terminal the keys change the chain; without one, or with --script, a script does.

  --hook HOOK        xdp (default), tc (TCX where the kernel has it), or clsact
  --seconds N        how long it takes, 6 to 600 (default 16; with keys: until q)
  --script           run the script, also in a terminal
  --changes N        no script: all four stages from the start, and N changes at random, 0 to 100000, over the whole time
  --json             run the script and print one JSON object with the figures, and nothing else
  --plain            run the script and print lines, also in a terminal
  --record FILE      save the live view near the end of the run as an SVG picture
  --help             print this
`

export const HOOKS = ['xdp', 'tc', 'clsact'] as const
export type HookName = (typeof HOOKS)[number]

export interface Options {
  readonly hook: HookName
  readonly seconds: number
  readonly script: boolean
  /** undefined: the script decides */
  readonly changes: number | undefined
  readonly json: boolean
  readonly plain: boolean
  /** '' for none */
  readonly record: string
  readonly help: boolean
}

/** Reads the command line; throws a TypeError or RangeError that says what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      hook: { type: 'string', default: 'xdp' },
      seconds: { type: 'string', default: '16' },
      script: { type: 'boolean', default: false },
      changes: { type: 'string' },
      json: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
      record: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  })
  const hook = HOOKS.find((it) => it === values.hook)
  if (hook === undefined) throw new RangeError(`--hook is '${values.hook}', expected one of ${HOOKS.join(', ')}`)
  const seconds = Number(values.seconds)
  if (!(seconds >= 6 && seconds <= 600)) {
    throw new RangeError(`--seconds is '${values.seconds}', expected a number from 6 to 600`)
  }
  const changes = values.changes === undefined ? undefined : Number(values.changes || Number.NaN)
  if (changes !== undefined && !(Number.isInteger(changes) && changes >= 0 && changes <= 100_000)) {
    throw new RangeError(`--changes is '${values.changes}', expected a whole number from 0 to 100000`)
  }
  return { ...values, hook, seconds, changes }
}
