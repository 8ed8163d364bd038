import { ArgumentError } from '@millrace/core'

/**
 * Throws the error for a value that a field can't hold. A function of its own keeps the puts small enough to be
 * inlined.
 */
export function reject(path: string, value: unknown, expected: string): never {
  throw new ArgumentError({ argument: path, value, expected })
}

/** Rethrows what a member's codec threw, with the way to that member in front of the error's path. */
export function rejectInside(error: unknown, path: string): never {
  if (!(error instanceof ArgumentError)) throw error
  reject(join(path, error.argument), error.value, error.expected)
}

function join(outer: string, inner: string): string {
  const isIndex = inner.startsWith('[')
  return outer === '' || inner === '' || isIndex ? outer + inner : `${outer}.${inner}`
}
