import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'
import type { XdpMechanism } from '../mechanism.js'
import type { XdpMode } from '../mode.js'

/** One attempt that the kernel or the driver refused. */
export interface XdpRefusal {
  readonly mode: XdpMode
  readonly mechanism: XdpMechanism
  /** positive, as in errno.h */
  readonly errno: number
  /** `native: the driver of lo has no XDP support (EOPNOTSUPP)`, with the kernel's own words where it gave some */
  readonly reason: string
}

/**
 * `ERR_XDP_REFUSED`: the program could not be attached in any of the modes that were asked for. `refusals` has each attempt
 * and why it failed; what was attached before is still attached.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachXdp, XdpRefusedError } from '@millrace/xdp'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall)
 * try {
 *   using attachment = attachXdp(fw.programs.firewall, 'lo', { mode: 'native' })
 * } catch (error) {
 *   if (error instanceof XdpRefusedError) for (const refusal of error.refusals) console.error(refusal.reason)
 * }
 * ```
 */
export class XdpRefusedError extends MillraceError {
  static {
    brand(XdpRefusedError, 'XdpRefusedError')
  }

  override readonly code = 'ERR_XDP_REFUSED'
  readonly interface: string
  readonly refusals: readonly XdpRefusal[]

  constructor(fields: { readonly interface: string; readonly refusals: readonly XdpRefusal[] }) {
    super(`XDP on ${fields.interface} was refused; ${fields.refusals.map(({ reason }) => reason).join('; ')}`)
    this.interface = fields.interface
    this.refusals = fields.refusals
  }
}
