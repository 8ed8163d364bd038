import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** One thing in which a generated module and its object file do not agree. */
export interface ModuleDifference {
  /** `map blocked, value`, `program firewall`, `constant default_verdict` ... */
  readonly what: string
  /** as in the object file; undefined: not there */
  readonly object: string | undefined
  /** as in the TypeScript module; undefined: not there */
  readonly module: string | undefined
}

/**
 * `ERR_STALE_MODULE`: a module that `bpf2ts` wrote and the object file beside it do not describe the same things. Run `bpf2ts`
 * again. Nothing was loaded.
 *
 * @example
 * ```ts
 * import { load, StaleModuleError } from '@millrace/core'
 * import { firewall } from './firewall.bpf.js'
 *
 * try {
 *   using object = await load(firewall)
 * } catch (error) {
 *   if (error instanceof StaleModuleError) console.table(error.differences)
 * }
 * ```
 */
export class StaleModuleError extends MillraceError {
  static {
    brand(StaleModuleError, 'StaleModuleError')
  }

  override readonly code = 'ERR_STALE_MODULE'
  /** the object file */
  readonly object: string
  readonly differences: readonly ModuleDifference[]

  constructor({ object, differences }: { readonly object: string; readonly differences: readonly ModuleDifference[] }) {
    const list = differences.map(
      (it) => `\n    ${it.what}: the object has ${it.object ?? 'none'}, the module ${it.module ?? 'none'}`,
    )
    super(`the TypeScript module of ${object} is stale, run bpf2ts on the object again:${list.join('')}`)
    this.object = object
    this.differences = differences
  }
}
