import type { Program } from '@millrace/core'
import { checkOneOf, checkOptions, errno, errnoName, type Failure } from '@millrace/core/internal'
import type { SocketMechanism } from '../mechanism.js'
import { NetnsAttachment } from './attachment.js'
import { checkProgram } from './check-program.js'
import { DirectGrip } from './grip-direct.js'
import { LinkGrip } from './grip-link.js'
import { resolvePlace } from './hook.js'
import { busy, refused } from './refused.js'
import { standingAt } from './standing.js'

/** Options of {@link attachFlowDissector}. */
export interface AttachFlowDissectorOptions {
  /** network namespace: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them; default: this process's own */
  readonly netns?: string | undefined
  /** `auto`, the default, is a link, and none where the kernel gives none (before Linux 5.8) */
  readonly mechanism?: SocketMechanism | 'auto' | undefined
}

/**
 * Attaches a flow dissector to a network namespace: it says which flow a packet belongs to, where the kernel wants to know that
 * to spread packets over processors (RPS) or to classify them (flower).
 *
 * A namespace has one. One in the first namespace of the machine is for all of them, and they then have none of their own.
 *
 * @throws ArgumentError when there is no such namespace, or the program is of another type
 * @throws AttachBusyError when a program is there; it names it
 * @throws NetnsGoneError, MissingCapabilityError, UnsupportedKernelError, ClosedError
 * @kernel 5.10
 * @see https://docs.kernel.org/bpf/prog_flow_dissector.html
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachFlowDissector } from '@millrace/socket'
 * import { flows } from './flows.bpf.js'
 *
 * using object = await load(flows)
 * using attachment = attachFlowDissector(object.programs.dissect, { netns: 'blue' })
 * console.log(attachment.mechanism)
 * ```
 */
export function attachFlowDissector(
  program: Program<'flow_dissector'>,
  options: AttachFlowDissectorOptions = {},
): NetnsAttachment<'flow_dissector'> {
  checkProgram('program', program, 'flow_dissector')
  checkOptions('options', options, ['netns', 'mechanism'])
  const mechanism = checkOneOf('options.mechanism', options.mechanism ?? 'auto', ['auto', 'link', 'direct'])
  const place = resolvePlace('flow_dissector', options.netns)
  let reason: string | undefined
  if (mechanism !== 'direct') {
    const link = LinkGrip.attach(program, place)
    if (link instanceof LinkGrip) return new NetnsAttachment(place, link, undefined)
    if (mechanism === 'link' || !isUnknown(link)) throw refused(program, place, link)
    reason = `link: the kernel gave none (${errnoName(link.errno)})`
  }
  // The kernel would put it into the place of another one.
  if (standingAt(place).length > 0) throw busy(place)
  const grip = DirectGrip.attach(program, place)
  if (grip instanceof DirectGrip) return new NetnsAttachment(place, grip, reason)
  throw refused(program, place, grip)
}

/** What a kernel says that does not know of links for it. */
function isUnknown({ errno: code }: Failure): boolean {
  return code === errno.EINVAL || code === errno.EOPNOTSUPP || code === errno.ENOSYS
}
