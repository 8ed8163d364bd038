import type { Program } from '@millrace/core'
import { attachFresh } from './attach-fresh.js'
import { XdpAttachment } from './attachment.js'
import { type AttachXdpOptions, checkRequest } from './options.js'
import { takeOver } from './take-over.js'

/**
 * Attaches a program to an interface: from then on it decides over every packet that the interface receives.
 *
 * Unless told otherwise it takes the best there is: native mode before generic, a bpf_link before netlink. The attachment says
 * what it got in `mode` and `mechanism`, and in `reason` why it was not the better one. An interface runs one program; a second
 * is refused with an {@link AttachBusyError}, unless `replace` or `expectedOld` asks to take over from the first.
 *
 * @param iface - name or index
 * @throws ArgumentError when there is no such interface or namespace, or the program is of another type, or was loaded for a map
 * (section `xdp/devmap`, `xdp/cpumap`)
 * @throws AttachBusyError when a program is there; it names it
 * @throws XdpRefusedError when the driver does not take it; it says why, for each mode that was tried
 * @throws UnexpectedProgramError when another program than `expectedOld` is there
 * @throws MissingCapabilityError without CAP_NET_ADMIN, or CAP_SYS_ADMIN for another network namespace
 * @throws ClosedError when the program is closed
 * @kernel 5.10; frags: 5.18
 * @see https://docs.kernel.org/bpf/libbpf/program_types.html
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachXdp } from '@millrace/xdp'
 * import { firewall } from './firewall.bpf.js'
 *
 * using v1 = await load(firewall)
 * using v2 = await load(firewall)
 * using attachment = attachXdp(v1.programs.firewall, 'eth0', { mode: 'native' })
 * attachment.update(v2.programs.firewall)      // atomic: no packet goes unfiltered
 * ```
 */
export function attachXdp(
  program: Program<'xdp'>,
  iface: string | number,
  options: AttachXdpOptions = {},
): XdpAttachment {
  const request = checkRequest(program, iface, options)
  const { mode, grip, reason } =
    request.replace || request.expectedOld !== undefined ? takeOver(request) : attachFresh(request)
  return new XdpAttachment(request.iface, mode, grip, reason)
}
