import { inspect } from 'node:util'
import { foreignCopy } from '../copy.js'
import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** The fields of an {@link ArgumentError}. */
export interface ArgumentErrorFields {
  /** path of the argument, as the caller wrote it: `options.maps.blocked.maxEntries`; '' for a value as a whole */
  readonly argument: string
  readonly value: unknown
  /** reads on after "expected": `an integer from 1 to 4294967295` */
  readonly expected: string
  /** a name that exists and was probably meant */
  readonly suggestion?: string | undefined
}

/**
 * `ERR_ARGUMENT`: an argument has a value that cannot be used. Names the argument, the value and what was expected; for a
 * misspelt name it suggests the right one. Nothing was changed.
 *
 * @example
 * ```ts
 * import { ArgumentError, load } from '@millrace/core'
 *
 * try {
 *   await load('./firewall.bpf.o', { maps: { blocked: { maxEntries: -1 } } })
 * } catch (error) {
 *   if (error instanceof ArgumentError) console.error(error.argument, error.value, error.expected)
 * }
 * ```
 */
export class ArgumentError extends MillraceError {
  static {
    brand(ArgumentError, 'ArgumentError')
  }

  override readonly code = 'ERR_ARGUMENT'
  readonly argument: string
  readonly value: unknown
  readonly expected: string
  readonly suggestion: string | undefined

  constructor({ argument, value, expected, suggestion }: ArgumentErrorFields) {
    const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
    super(
      `${argument === '' ? 'the value' : argument} is ${brief(value)}, expected ${expected}${hint}${foreignCopy(value)}`,
    )
    this.argument = argument
    this.value = value
    this.expected = expected
    this.suggestion = suggestion
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
