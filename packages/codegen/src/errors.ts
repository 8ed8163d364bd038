/**
 * What every error of bpf2ts extends. `code` is stable and tells the kinds apart; `message` is for people and may change.
 *
 * `instanceof` holds also when the error was made by another copy of the package (ESM beside CommonJS), and the `MillraceError`
 * of `@millrace/core` recognises it.
 *
 * @example
 * ```ts
 * import { bpf2ts, CodegenError } from '@millrace/codegen'
 *
 * try {
 *   bpf2ts(new Uint8Array(), { file: 'firewall.bpf.o' })
 * } catch (error) {
 *   if (error instanceof CodegenError) console.error(`${error.code}: ${error.message}`)
 * }
 * ```
 */
export abstract class CodegenError extends Error {
  static {
    brand(CodegenError, 'CodegenError')
    Object.defineProperty(CodegenError.prototype, Symbol.for('@millrace/core/MillraceError'), { value: true })
  }

  /** `ERR_...`, documented at each class. */
  abstract readonly code: string
}

/**
 * `ERR_OBJECT_FORMAT`: the bytes are not an eBPF object file that bpf2ts can read: not ELF, cut short, without BTF, or with
 * a table that contradicts itself.
 *
 * @example
 * ```ts
 * import { bpf2ts, ObjectFormatError } from '@millrace/codegen'
 *
 * try {
 *   bpf2ts(new Uint8Array(64), { file: 'firewall.bpf.o' })
 * } catch (error) {
 *   if (error instanceof ObjectFormatError) console.error(error.message)
 * }
 * ```
 */
export class ObjectFormatError extends CodegenError {
  static {
    brand(ObjectFormatError, 'ObjectFormatError')
  }

  override readonly code = 'ERR_OBJECT_FORMAT'
}

/** The fields of an {@link UnsupportedError}. */
export interface UnsupportedErrorFields {
  /** in terms of the C source: `field next of struct drop_event` */
  readonly subject: string
  /** reads on after the subject: `is a pointer` */
  readonly problem: string
  /** what to write in C instead, a sentence */
  readonly instead: string
}

/**
 * `ERR_UNSUPPORTED`: the C declares something that has no TypeScript form: a pointer, a flexible array, a map of a kind
 * without a typed class. Says which one, and what to declare instead.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { bpf2ts, UnsupportedError } from '@millrace/codegen'
 *
 * try {
 *   bpf2ts(readFileSync('firewall.bpf.o'), { file: 'firewall.bpf.o' })
 * } catch (error) {
 *   if (error instanceof UnsupportedError) console.error(error.subject, error.instead)
 * }
 * ```
 */
export class UnsupportedError extends CodegenError implements UnsupportedErrorFields {
  static {
    brand(UnsupportedError, 'UnsupportedError')
  }

  override readonly code = 'ERR_UNSUPPORTED'
  readonly subject: string
  readonly problem: string
  readonly instead: string

  constructor({ subject, problem, instead }: UnsupportedErrorFields) {
    super(`${subject} ${problem}. ${instead}`)
    this.subject = subject
    this.problem = problem
    this.instead = instead
  }
}

/**
 * `ERR_NAME`: names that cannot stand in one module: two C names that become one TypeScript name, an object name that is no
 * identifier, a type asked for that the object does not declare.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { bpf2ts, NameError } from '@millrace/codegen'
 *
 * try {
 *   bpf2ts(readFileSync('firewall.bpf.o'), { file: 'firewall.bpf.o', types: ['flow_kye'] })
 * } catch (error) {
 *   if (error instanceof NameError) console.error(error.names, error.message)
 * }
 * ```
 */
export class NameError extends CodegenError {
  static {
    brand(NameError, 'NameError')
  }

  override readonly code = 'ERR_NAME'

  constructor(
    message: string,
    /** the names in question, as written in C or by the caller */
    readonly names: readonly string[],
  ) {
    super(message)
  }
}

// biome-ignore lint/complexity/noBannedTypes: any class, whatever its constructor takes
function brand(errorClass: Function & { prototype: Error }, name: string): void {
  const symbol = Symbol.for(`@millrace/codegen/${name}`)
  Object.defineProperty(errorClass.prototype, symbol, { value: true })
  Object.defineProperty(errorClass.prototype, 'name', { value: name, writable: true, configurable: true })
  // A bundler renames a class that names itself in a static block, and Node prints that name.
  Object.defineProperty(errorClass, 'name', { value: name })
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: unknown, instance: unknown): boolean {
      // A class that extends a branded one inherits this, and is compared in the ordinary way.
      if (this !== errorClass) return Function.prototype[Symbol.hasInstance].call(this, instance)
      return typeof instance === 'object' && instance !== null && symbol in instance
    },
  })
}
