import type { Program } from '@millrace/core'
import { checkOptions } from '@millrace/core/internal'
import { NetnsAttachment } from './attachment.js'
import { checkProgram } from './check-program.js'
import { LinkGrip } from './grip-link.js'
import { resolvePlace } from './hook.js'
import { refused } from './refused.js'

/** Options of {@link attachSkLookup}. */
export interface AttachSkLookupOptions {
  /** network namespace: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them; default: this process's own */
  readonly netns?: string | undefined
}

/**
 * Attaches a program to the lookup of sockets in a network namespace: it chooses the socket for a new TCP connection, or for a UDP
 * datagram to no connected socket, before the kernel looks for one by its address. So one listener can have any number of
 * addresses and ports.
 *
 * A namespace runs up to 64 of them, in the order in which they were attached. It is a link always.
 *
 * @throws ArgumentError when there is no such namespace, or the program is of another type
 * @throws AttachBusyError when there are 64
 * @throws NetnsGoneError, MissingCapabilityError, UnsupportedKernelError, ClosedError
 * @kernel 5.9
 * @see https://docs.kernel.org/bpf/prog_sk_lookup.html
 *
 * @example
 * ```ts
 * import { createServer } from 'node:net'
 * import { load } from '@millrace/core'
 * import { attachSkLookup } from '@millrace/socket'
 * import { portRange } from './port_range.bpf.js'
 *
 * using object = await load(portRange)
 * const server = createServer((socket) => socket.end('hello\n'))
 * server.listen(7000, () => object.maps.listeners.set(0, server))
 * using attachment = attachSkLookup(object.programs.choose)
 * ```
 */
export function attachSkLookup(
  program: Program<'sk_lookup'>,
  options: AttachSkLookupOptions = {},
): NetnsAttachment<'sk_lookup'> {
  checkProgram('program', program, 'sk_lookup')
  checkOptions('options', options, ['netns'])
  const place = resolvePlace('sk_lookup', options.netns)
  const grip = LinkGrip.attach(program, place)
  if (grip instanceof LinkGrip) return new NetnsAttachment(place, grip, undefined)
  throw refused(program, place, grip)
}
