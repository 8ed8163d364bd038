import type { Program } from '@millrace/core'
import { TcAttachment } from './attachment.js'
import type { AttachTcOptions } from './options.js'
import { place } from './place.js'
import { checkRequest } from './request.js'

/**
 * Attaches a program to an interface, beside whatever stands there: from then on it sees each packet that the interface receives
 * (`ingress`) or is about to send (`egress`), unless one that runs before it has decided over the packet.
 *
 * Unless told otherwise it uses TCX, and a direct-action filter of clsact where the kernel has no TCX (before Linux 6.6). The
 * attachment says which in `mechanism`, and in `reason` why it was not TCX. The order means the same on both.
 *
 * @param iface - name or index
 * @throws ArgumentError when there is no such interface, namespace or direction, or the program is of another type
 * @throws AnchorGoneError when what the order names does not stand there
 * @throws RevisionMismatchError when the hook is not at `expectedRevision`
 * @throws AttachBusyError when this very program stands there already, or 63 programs do, or the priority is taken
 * @throws UnexpectedProgramError when somebody was faster in replacing what the order replaces
 * @throws UnsupportedKernelError when the kernel does not have the `mechanism` that was asked for
 * @throws MissingCapabilityError without CAP_NET_ADMIN, or CAP_SYS_ADMIN for another network namespace
 * @throws InterfaceGoneError, ClosedError
 * @kernel 5.10; TCX: 6.6
 * @see https://docs.kernel.org/bpf/libbpf/program_types.html
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachTc } from '@millrace/tc'
 * import { classifier } from './classifier.bpf.js'
 *
 * using object = await load(classifier)
 * const { count, classify } = object.programs
 * using last = attachTc(classify, 'eth0', { direction: 'ingress' })
 * using before = attachTc(count, 'eth0', { direction: 'ingress', order: { before: last } })
 * ```
 */
export function attachTc(
  program: Program<'sched_cls'>,
  iface: string | number,
  options: AttachTcOptions,
): TcAttachment {
  const request = checkRequest(program, iface, options)
  const { site, mark } = request
  return new TcAttachment({ site, ...place(site, request), name: mark.name, adopted: false })
}
