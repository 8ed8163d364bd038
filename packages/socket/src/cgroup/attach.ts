import type { Program } from '@millrace/core'
import { attachFresh } from './attach-fresh.js'
import { CgroupAttachment } from './attachment.js'
import type { CgroupHook, CgroupHookOf, CgroupProgramType, HookedCgroupProgram } from './hooks.js'
import { type AttachCgroupOptions, type CgroupPlacement, checkRequest } from './options.js'
import { takeOver } from './take-over.js'

/**
 * Attaches a program to a control group: from then on it sees, and decides over, what the sockets of its processes do, and those
 * of all groups below it. Which of their doings is up to the hook, which the program's section says.
 *
 * Sockets belong to the group in which their process was when they were made: a connection that a process brings along is not
 * seen.
 *
 * Unless told otherwise it is attached by a link, beside whatever others are there. The attachment says what it got in
 * `mechanism`, and in `reason` why that is no link.
 *
 * @param cgroup - path of a folder of cgroup v2; see {@link cgroupRoot}
 * @throws ArgumentError when that is none, or the program is for another hook
 * @throws AttachBusyError when a program is there, or above, that allows no others; it names it
 * @throws AnchorGoneError when the program of `options.order` is not there
 * @throws RevisionMismatchError when others have changed the hook since
 * @throws UnsupportedKernelError for an order or a hook that the kernel does not have
 * @throws CgroupGoneError, MissingCapabilityError, ClosedError
 * @kernel 5.10; order: 6.17
 * @see https://docs.kernel.org/bpf/libbpf/program_types.html
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachCgroup } from '@millrace/socket'
 * import { redirect } from './redirect.bpf.js'
 *
 * using object = await load(redirect)
 * using attachment = attachCgroup(object.programs.connect4, '/sys/fs/cgroup/web')
 * ```
 *
 * @example
 * ```ts
 * import { Program } from '@millrace/core'
 * import { attachCgroup } from '@millrace/socket'
 *
 * using program = Program.open('/sys/fs/bpf/redirect').as('cgroup_sock_addr')
 * using attachment = attachCgroup(program, '/sys/fs/cgroup/web', { hook: 'connect4', order: 'first' })
 * ```
 */
export function attachCgroup<P extends HookedCgroupProgram>(
  program: P,
  cgroup: string,
  options?: AttachCgroupOptions<CgroupHookOf<P>>,
): CgroupAttachment<CgroupHookOf<P>>
export function attachCgroup<P extends Program<CgroupProgramType>, const H extends CgroupHookOf<P>>(
  program: P,
  cgroup: string,
  options: CgroupPlacement & { readonly hook: H },
): CgroupAttachment<H>
export function attachCgroup(
  program: Program<CgroupProgramType>,
  cgroup: string,
  options: AttachCgroupOptions = {},
): CgroupAttachment<CgroupHook> {
  const request = checkRequest(program, cgroup, options)
  const { order, place } = request
  const { grip, reason } = order.at === 'replace' ? takeOver(request, order.anchor) : attachFresh(request)
  return new CgroupAttachment(place, grip, reason)
}
