/**
 * Makes `instanceof` hold across copies of this package: an application that loads core as ESM, and a dependency that loads
 * it as CommonJS, have two `VerifierError` classes, and an error made by one is an instance of the other.
 *
 * A class that extends a branded one is compared in the ordinary way, unless it is branded itself.
 */
// biome-ignore lint/complexity/noBannedTypes: any class, whatever its constructor takes
export function brand(errorClass: Function & { prototype: Error }, name: string): void {
  const symbol = Symbol.for(`@millrace/core/${name}`)
  Object.defineProperty(errorClass.prototype, symbol, { value: true })
  Object.defineProperty(errorClass.prototype, 'name', { value: name, writable: true, configurable: true })
  // A bundler renames a class that names itself in a static block, and Node prints that name.
  Object.defineProperty(errorClass, 'name', { value: name })
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: unknown, instance: unknown): boolean {
      if (this !== errorClass) return Function.prototype[Symbol.hasInstance].call(this, instance)
      return typeof instance === 'object' && instance !== null && symbol in instance
    },
  })
}
