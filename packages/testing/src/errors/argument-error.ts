import { inspect } from 'node:util'
import { brand, MillraceError } from './millrace-error.js'

/**
 * `ERR_ARGUMENT`: a declaration, a packet field or an option has a value that cannot be used. Names where it stands, the
 * value and what was expected. Nothing was set up. The same kind as `ArgumentError` of `@millrace/core`: `instanceof`
 * holds for either.
 *
 * @example
 * ```ts
 * import { ArgumentError, packet } from '@millrace/testing'
 *
 * try {
 *   packet().ipv4({ source: '10.0.0.256' }).build()
 * } catch (error) {
 *   if (error instanceof ArgumentError) console.error(error.argument, error.expected) // ipv4.source an IPv4 address
 * }
 * ```
 */
export class ArgumentError extends MillraceError {
  static {
    brand(ArgumentError, 'ArgumentError')
  }

  override readonly code = 'ERR_ARGUMENT'
  /** path of the argument as the caller wrote it: `hosts.client.interfaces.eth0.addresses[0]` */
  readonly argument: string
  readonly value: unknown
  /** reads on after "expected": `an integer from 0 to 65535` */
  readonly expected: string

  constructor(argument: string, value: unknown, expected: string) {
    super(`${argument} is ${brief(value)}, expected ${expected}`)
    this.argument = argument
    this.value = value
    this.expected = expected
  }
}

function brief(value: unknown): string {
  const text = inspect(value, {
    depth: 1,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 8,
    maxStringLength: 100,
  })
  return text.length > 200 ? `${text.slice(0, 200)}...` : text
}
