import { brand } from './brand.js'

/**
 * What every error of Millrace extends. `code` is stable and tells the kinds apart; `message` is for people and may change.
 *
 * `instanceof` holds also when the error was made by another copy of the package (ESM beside CommonJS).
 *
 * @example
 * ```ts
 * import { load, MillraceError } from '@millrace/core'
 *
 * try {
 *   using object = await load('./firewall.bpf.o')
 * } catch (error) {
 *   if (error instanceof MillraceError) console.error(`${error.code}: ${error.message}`)
 *   else throw error
 * }
 * ```
 */
export abstract class MillraceError extends Error {
  static {
    brand(MillraceError, 'MillraceError')
  }

  /** `ERR_...`, documented at each class. */
  abstract readonly code: string
}
