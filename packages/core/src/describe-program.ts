import { errno } from './errno.js'
import { KernelError, MissingCapabilityError, type ProgramIdentity } from './errors/index.js'
import { Program } from './program.js'

/**
 * A program on a hook, as far as this process may know it.
 *
 * @example
 * ```ts
 * import type { AttachedProgram } from '@millrace/core'
 *
 * const describe = ({ id, name = '?', tag = '?' }: AttachedProgram) => `${name} (id ${id}, tag ${tag})`
 * console.log(describe({ id: 34, name: 'firewall', tag: 'f0055c08993fea1e' }))
 * ```
 */
export interface AttachedProgram {
  readonly id: number
  /** undefined: this process may not look into programs of others (CAP_SYS_ADMIN) */
  readonly name: string | undefined
  /** hash over its instructions, 16 hexadecimal digits */
  readonly tag: string | undefined
}

/** What can be known of a program by its id; undefined: it is gone. */
export function describeProgram(id: number): AttachedProgram | undefined {
  try {
    using program = Program.openById(id)
    return { id, name: program.name, tag: program.info().tag }
  } catch (error) {
    if (error instanceof MissingCapabilityError) return { id, name: undefined, tag: undefined }
    if (error instanceof KernelError && error.errno === errno.ENOENT) return undefined
    throw error
  }
}

/** The same, as errors name a program; 0: none. */
export function identityOf(id: number): ProgramIdentity | undefined {
  return id === 0 ? undefined : { id, name: describeProgram(id)?.name ?? '' }
}
