import { MillraceError, type ProgramIdentity } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_DISPATCHER_FULL`: ten programs share the interface, and a dispatcher has no more slots. Nothing was changed.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { DispatcherFullError, joinXdp } from '@millrace/dispatcher'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * try {
 *   using slot = await joinXdp(fw.programs.firewall, 'eth0')
 * } catch (error) {
 *   if (error instanceof DispatcherFullError) for (const { id, name } of error.programs) console.error(id, name)
 * }
 * ```
 */
export class DispatcherFullError extends MillraceError {
  static {
    brand(DispatcherFullError, 'DispatcherFullError')
  }

  override readonly code = 'ERR_DISPATCHER_FULL'
  /** `XDP on eth0` */
  readonly target: string
  /** those that have the slots, in their order */
  readonly programs: readonly ProgramIdentity[]

  constructor({ target, programs }: { readonly target: string; readonly programs: readonly ProgramIdentity[] }) {
    const names = programs.map(({ id, name }) => `${name} (id ${id})`).join(', ')
    super(`all ${programs.length} slots of ${target} are taken, by ${names}`)
    this.target = target
    this.programs = programs
  }
}
