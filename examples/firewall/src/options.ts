import { parseArgs } from 'node:util'

export const USAGE = `The firewall example: an XDP program filters real HTTP traffic between network namespaces.

Usage: npm start -- [options]

  --seconds N      how long the run takes, 4 to 600 (default 13)
  --json           print one JSON object with the figures, and nothing else
  --plain          lines instead of the live view, also in a terminal
  --record FILE    save the live view near the end of the run as an SVG picture
  --help           print this
`

export interface Options {
  readonly seconds: number
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
      seconds: { type: 'string', default: '13' },
      json: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
      record: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  })
  const seconds = Number(values.seconds)
  if (!(seconds >= 4 && seconds <= 600)) {
    throw new RangeError(`--seconds is '${values.seconds}', expected a number from 4 to 600`)
  }
  return { ...values, seconds }
}
