import { reject, rejectInside } from '../codec/reject.js'

/**
 * Throws what a codec said of a key or a value, with that word in front of its path. A codec that `bpf2ts` wrote reads
 * fields without asking whether there is an object: the TypeError is an argument's fault too.
 */
export function rejectArgument(error: unknown, argument: string, value: unknown): never {
  if (error instanceof TypeError) reject(argument, value, `a value of its type (${error.message})`)
  rejectInside(error, argument)
}

/** A string is iterable, too, and never meant: `deleteAll('eth0')` would delete four keys. */
export function checkIterable<T>(argument: string, value: Iterable<T>, expected: string): Iterable<T> {
  if (typeof value === 'object' && value !== null && typeof value[Symbol.iterator] === 'function') return value
  return reject(argument, value, expected)
}
