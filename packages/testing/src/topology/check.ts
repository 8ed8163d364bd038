import { ArgumentError } from '../errors/index.js'

/** Throws an {@link ArgumentError} unless the condition holds. */
export function check(condition: boolean, argument: string, value: unknown, expected: string): void {
  if (!condition) throw new ArgumentError(argument, value, expected)
}

/** A misspelt field would be left out without a word. */
export function checkFields(argument: string, value: object, known: readonly string[]): void {
  check(typeof value === 'object' && value !== null, argument, value, `an object of ${known.join(', ')}`)
  for (const name of Object.keys(value)) {
    check(known.includes(name), argument, name, `one of the fields ${known.join(', ')}`)
  }
}

export function checkInteger(argument: string, value: number, least: number, most: number): void {
  const fits = Number.isInteger(value) && value >= least && value <= most
  check(fits, argument, value, `an integer from ${least} to ${most}`)
}
