import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/**
 * `ERR_INTERFACE_GONE`: the interface, or its network namespace, was deleted. The kernel detached the program with it: close
 * the attachment, and attach again once the interface is back.
 *
 * @example
 * ```ts
 * import { InterfaceGoneError, load } from '@millrace/core'
 * import { attachXdp } from '@millrace/xdp'
 * import { firewall } from './firewall.bpf.js'
 *
 * using v1 = await load(firewall)
 * using v2 = await load(firewall)
 * using attachment = attachXdp(v1.programs.firewall, 'eth0')
 * try {
 *   attachment.update(v2.programs.firewall)
 * } catch (error) {
 *   if (error instanceof InterfaceGoneError) console.error(`${error.interface} was deleted`)
 * }
 * ```
 */
export class InterfaceGoneError extends MillraceError {
  static {
    brand(InterfaceGoneError, 'InterfaceGoneError')
  }

  override readonly code = 'ERR_INTERFACE_GONE'
  readonly interface: string
  /** the index it had */
  readonly ifindex: number

  constructor(fields: { readonly interface: string; readonly ifindex: number }) {
    super(`the interface ${fields.interface} (index ${fields.ifindex}) does not exist any more`)
    this.interface = fields.interface
    this.ifindex = fields.ifindex
  }
}
