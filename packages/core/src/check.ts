import { ArgumentError } from './errors/argument-error.js'
import { suggest } from './suggest.js'

/**
 * Checks of what comes in from callers, shared by the packages. Each throws an {@link ArgumentError} that names the argument.
 */

/** A plain object without members other than `known`; a misspelt one gets a suggestion. */
export function checkOptions(argument: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ArgumentError({ argument, value, expected: 'an object of options' })
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) throw unknownName(argument, name, known, 'option')
  }
}

/** The error for a name that is not among the known ones. */
export function unknownName(argument: string, name: string, known: readonly string[], noun: string): ArgumentError {
  const expected = known.length === 0 ? `no ${noun}: there are none` : `one of the ${noun}s ${known.join(', ')}`
  return new ArgumentError({ argument, value: name, expected, suggestion: suggest(name, known) })
}

export function checkInteger(argument: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new ArgumentError({ argument, value, expected: `an integer from ${least} to ${most}` })
  }
  return value
}

export function checkBoolean(argument: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new ArgumentError({ argument, value, expected: 'true or false' })
  return value
}

/** A string that is not empty and has no NUL byte, which would end it early in C. */
export function checkString(argument: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) {
    throw new ArgumentError({ argument, value, expected: 'a string that is not empty and has no NUL byte' })
  }
  return value
}

export function checkBytes(argument: string, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new ArgumentError({ argument, value, expected: 'a Uint8Array' })
  return value
}

export function checkOneOf<const T extends string>(argument: string, value: unknown, known: readonly T[]): T {
  const found = known.find((it) => it === value)
  if (found !== undefined) return found
  const suggestion = typeof value === 'string' ? suggest(value, known) : undefined
  throw new ArgumentError({ argument, value, expected: `one of ${known.join(', ')}`, suggestion })
}

export function checkSignal(argument: string, value: unknown): AbortSignal | undefined {
  if (value !== undefined && !(value instanceof AbortSignal)) {
    throw new ArgumentError({ argument, value, expected: 'an AbortSignal' })
  }
  return value
}
