import { ArgumentError } from '@millrace/core'

/** What a bpf filesystem takes for a folder, and an operator for a name. */
const pattern = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/

/**
 * A name that can be a part of a path on a bpf filesystem, which takes no dots: of a stage, or of a pinned chain.
 *
 * @throws ArgumentError
 */
export function checkName(argument: string, name: unknown): string {
  if (typeof name === 'string' && pattern.test(name)) return name
  throw new ArgumentError({
    argument,
    value: name,
    expected: 'a name of 1 to 64 letters, digits, _ and -, not beginning with -',
  })
}
