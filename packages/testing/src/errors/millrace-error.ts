/**
 * What the errors of this package extend. It carries the brand of `MillraceError` of `@millrace/core`, without importing it:
 * `instanceof MillraceError` holds for these errors too, and `ArgumentError` of either package recognises the other's.
 *
 * @example
 * ```ts
 * import { MillraceError, topology } from '@millrace/testing'
 *
 * try {
 *   await using net = await topology({ hosts: { a: {} } })
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

/** `instanceof` by a registered symbol, so that it holds across packages and across ESM and CommonJS copies. */
// biome-ignore lint/complexity/noBannedTypes: any class, whatever its constructor takes
export function brand(errorClass: Function & { prototype: Error }, name: string): void {
  const symbol = Symbol.for(`@millrace/core/${name}`)
  Object.defineProperty(errorClass.prototype, symbol, { value: true })
  // Bundlers rename a class that refers to itself, and Node prints that name.
  Object.defineProperty(errorClass, 'name', { value: name })
  Object.defineProperty(errorClass.prototype, 'name', { value: name, writable: true, configurable: true })
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: unknown, instance: unknown): boolean {
      if (this !== errorClass) return Function.prototype[Symbol.hasInstance].call(this, instance)
      return typeof instance === 'object' && instance !== null && symbol in instance
    },
  })
}
