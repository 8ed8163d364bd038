import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** Who has the attach point; what the kernel does not tell is undefined. */
export interface AttachHolder {
  readonly program?: { readonly id: number; readonly name?: string | undefined } | undefined
  /** undefined: attached without a link */
  readonly linkId?: number | undefined
}

/**
 * `ERR_ATTACH_BUSY`: the attach point is taken. `holder` says by which program. Detach that, replace it
 * on purpose, or put both into a chain.
 *
 * @example
 * ```ts
 * import { AttachBusyError, load } from '@millrace/core'
 * import { attachXdp } from '@millrace/xdp'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * try {
 *   using link = attachXdp(fw.programs.firewall, 'eth0')
 * } catch (error) {
 *   if (error instanceof AttachBusyError) console.error(error.target, error.holder)
 * }
 * ```
 */
export class AttachBusyError extends MillraceError {
  static {
    brand(AttachBusyError, 'AttachBusyError')
  }

  override readonly code = 'ERR_ATTACH_BUSY'
  /** `XDP on eth0` */
  readonly target: string
  readonly holder: AttachHolder

  constructor({
    target,
    holder,
    hint,
  }: { readonly target: string; readonly holder: AttachHolder; readonly hint?: string | undefined }) {
    super(`${target} is taken by ${describe(holder)}${hint === undefined ? '' : `; ${hint}`}`)
    this.target = target
    this.holder = holder
  }
}

function describe({ program, linkId }: AttachHolder): string {
  if (program === undefined) return linkId === undefined ? 'another program' : `a program through link ${linkId}`
  const named = program.name ? `program ${program.name} (id ${program.id})` : `program (id ${program.id})`
  return linkId === undefined ? named : `${named} through link ${linkId}`
}
