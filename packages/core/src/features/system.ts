import { nativeBinding } from '../binding.js'

/**
 * The number of CPUs that the machine may ever have: how many values an entry of a per-CPU map has.
 *
 * @example
 * ```ts
 * import { possibleCpus } from '@millrace/core'
 *
 * console.log(`${possibleCpus()} values an entry`)
 * ```
 */
export function possibleCpus(): number {
  return nativeBinding().possibleCpus()
}

/**
 * The version of libbpf that is built in, such as `v1.5.0`.
 *
 * @example
 * ```ts
 * import { libbpfVersion } from '@millrace/core'
 *
 * console.log(libbpfVersion())
 * ```
 */
export function libbpfVersion(): string {
  return nativeBinding().libbpfVersion()
}
