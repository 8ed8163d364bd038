import { UnsupportedKernelError } from '@millrace/core'
import { attachmentSince, errno, errnoName, type Failure, isAtLeast, runningKernel } from '@millrace/core/internal'
import { SockMapAttachment } from './attachment.js'
import type { Grip } from './grip.js'
import { DirectGrip } from './grip-direct.js'
import { LinkGrip } from './grip-link.js'
import type { HookedSockMapProgram, SockMapHookOf, SockMapProgram } from './hooks.js'
import { type AttachRequest, type AttachSockMapOptions, checkRequest } from './options.js'
import { checkSocketMap, duplicate, type Place, type SocketMap, target } from './place.js'
import { busyAt, refused } from './standing.js'

/**
 * Attaches a program to a map of sockets: it then decides over what these send (`sk_msg`) or receive (`sk_skb`).
 *
 * **Sockets run the programs that are attached when they are put into the map**: attach first. What is attached, exchanged or
 * detached later concerns the sockets that come later; one that is in the map goes on as it is until it is deleted and set again.
 *
 * A map runs one program at each hook; a second is refused with an {@link AttachBusyError}. Before Linux 5.18 the kernel does not tell
 * whether there is one, and without a link, the second takes the place of the first.
 *
 * Which one:
 *
 * - `sk_skb_stream_verdict` to splice TCP connections: a proxy that has looked at the beginning of two joins them, and from then on no
 *   byte is copied through it. The program sees the stream in pieces, as they come.
 * - `sk_skb_stream_parser` beside it, to decide message by message. Only where a message is answered before the next is sent: of
 *   several that came together, kernels (up to 6.18 at least) show parser and verdict the beginning of the first.
 * - `sk_skb_verdict` for UDP and Unix sockets. To be redirected to, they have to be connected.
 * - `sk_msg_verdict` between processes of one machine: a message goes from the sender's call into the receiver's queue, and TCP/IP
 *   never sees it, nor does what watches packets. What the program refuses is an EACCES for the sender, at which Node.js closes
 *   the socket.
 *
 * What was received before a socket is put into the map is seen together with the next that comes. The end of a stream is told to the
 * process, and may overtake what was redirected before it.
 *
 * @param map - a SockMap or SockHash
 * @throws ArgumentError when the program is of another kind or for another hook, or its hook cannot be told
 * @throws AttachBusyError when a program is there, or at the other of `sk_skb_stream_verdict` and `sk_skb_verdict`; it names it
 * @throws UnsupportedKernelError when a link was asked for and the kernel has none, or it does not have the hook
 * @throws MissingCapabilityError without CAP_NET_ADMIN
 * @throws ClosedError when the program or the map is closed
 * @kernel 4.14; 6.10 for links; for each hook see {@link SockMapHook}
 * @see https://docs.kernel.org/bpf/map_sockmap.html
 *
 * @example
 * ```ts
 * import { createServer, connect } from 'node:net'
 * import { load } from '@millrace/core'
 * import { attachSockMap, socketKey } from '@millrace/socket'
 * import { splice } from './splice.bpf.js'
 *
 * using object = await load(splice)
 * const { next, spliced } = object.maps
 * using attachment = attachSockMap(object.programs.splice, spliced)
 * console.log(attachment.mechanism, attachment.reason ?? '')
 *
 * createServer({ pauseOnConnect: true }, (client) => {
 *   const server = connect(8080, '10.0.0.2', () => {
 *     const [clientKey, serverKey] = [socketKey(client), socketKey(server)]
 *     next.set(clientKey, server).set(serverKey, client)          // where to: no program is attached to this map
 *     spliced.set(clientKey, client).set(serverKey, server)       // and from here on the kernel carries
 *   })
 * }).listen(80)
 * ```
 */
export function attachSockMap<P extends HookedSockMapProgram>(
  program: P,
  map: SocketMap,
  options?: AttachSockMapOptions<SockMapHookOf<P>>,
): SockMapAttachment<SockMapHookOf<P>>
export function attachSockMap<P extends SockMapProgram, const H extends SockMapHookOf<P>>(
  program: P,
  map: SocketMap,
  options: AttachSockMapOptions<H> & { readonly hook: H },
): SockMapAttachment<H>
export function attachSockMap(
  program: SockMapProgram,
  map: SocketMap,
  options: AttachSockMapOptions = {},
): SockMapAttachment {
  const request = checkRequest(program, options)
  const place = { map: duplicate(checkSocketMap(map)), hook: request.hook }
  try {
    const busy = busyAt(place)
    if (busy !== undefined) throw busy
    const { grip, reason } = attach(request, place)
    return new SockMapAttachment(place, grip, reason)
  } catch (error) {
    place.map.close()
    throw error
  }
}

interface Attached {
  readonly grip: Grip
  readonly reason: string | undefined
}

function attach({ program, mechanism }: AttachRequest, place: Place): Attached {
  const refuse = ({ errno: code, log }: Failure) => {
    // Somebody was faster.
    if (code === errno.EBUSY) return busyAt(place) ?? refused(operation, place, code, log)
    return refused(operation, place, code, log)
  }
  const operation = `attach program ${program.name} to ${target(place)}`
  let reason: string | undefined
  if (mechanism !== 'direct') {
    const grip = LinkGrip.attach(program, place)
    if (!('errno' in grip)) return { grip, reason: undefined }
    if (!isLinkless(grip)) throw refuse(grip)
    if (mechanism === 'link') throw noLinks()
    reason = `link: the kernel gave none (${errnoName(grip.errno)})`
  }
  const grip = DirectGrip.attach(program, place)
  if ('errno' in grip) throw refuse(grip)
  return { grip, reason }
}

/** What kernels answer that have no links for these maps. */
function isLinkless({ errno: code }: Failure): boolean {
  return (code === errno.EINVAL || code === errno.EOPNOTSUPP) && !isAtLeast(attachmentSince('sockmap') ?? '6.10')
}

function noLinks(): UnsupportedKernelError {
  return new UnsupportedKernelError({
    feature: 'a link to a SockMap',
    needed: attachmentSince('sockmap'),
    running: runningKernel(),
    hint: "mechanism 'direct' does without",
  })
}
