import { ArgumentError } from '@millrace/core'
import { checkInteger } from '@millrace/core/internal'

/**
 * A `net.Socket` or `net.Server` of Node.js; written out, so that nobody needs Node's types. A `dgram.Socket`, which has a
 * `bind`, is none.
 */
export interface NodeSocket {
  address(): object | string | null
  ref(): unknown
  unref(): unknown
  readonly bind?: undefined
}

/**
 * A socket to put into a map: the number of its descriptor in this process, or the Node.js object that has it.
 *
 * Node.js has no public way to ask a `net.Socket` or `net.Server` for its descriptor. What is read is `_handle.fd`, which is private
 * but as old as Node.js itself; on a runtime without it, and for `dgram` sockets, the number has to come from elsewhere, as from
 * the library that made the socket.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:net'
 * import type { SocketSource } from '@millrace/maps'
 *
 * const listener: SocketSource = createServer().listen(0)
 * const inherited: SocketSource = 3
 * ```
 */
export type SocketSource = number | NodeSocket

/** What Node.js keeps for itself. */
interface Handles {
  readonly _handle?: { readonly fd?: unknown } | null | undefined
  readonly bind?: unknown
  readonly connecting?: unknown
  readonly destroyed?: unknown
  readonly encrypted?: unknown
  readonly listening?: unknown
}

/**
 * The number of a socket's descriptor.
 *
 * @param canBeEncrypted - whether it does not matter that Node.js encrypts what it sends
 * @throws ArgumentError for what has none, with what to wait for
 */
export function descriptorOf(argument: string, socket: SocketSource, canBeEncrypted = false): number {
  if (typeof socket === 'number') return checkInteger(argument, socket, 0, 0x7fff_ffff)
  const refuse = (expected: string) => new ArgumentError({ argument, value: socket, expected })
  if (typeof socket !== 'object' || socket === null || typeof socket.address !== 'function') {
    throw refuse("a socket's descriptor, or a net.Socket or net.Server")
  }
  const { bind, connecting, destroyed, encrypted, listening }: Handles = socket as Handles
  if (typeof bind === 'function')
    throw refuse('the number of its descriptor: Node.js does not tell that of a UDP socket')
  if (encrypted === true && !canBeEncrypted)
    throw refuse('a plain net.Socket: what is redirected by a map passes by the encryption')
  if (destroyed === true) throw refuse('a socket that is open: this one was closed')
  if (connecting === true) throw refuse("a socket that is connected: wait for its 'connect'")
  if (listening === false) throw refuse("a server that listens: wait for its 'listening'")
  // Not before: a UDP socket warns when its handle is asked for.
  const handle = (socket as Handles)._handle
  const descriptor = handle?.fd
  if (typeof descriptor === 'number' && descriptor >= 0) return descriptor
  if (handle === null) throw refuse('a socket that is open')
  throw refuse(
    'the number of its descriptor: this runtime does not tell it (Node.js does by _handle.fd, but not in workers of a cluster)',
  )
}

/**
 * The number of a socket's descriptor in this process, for what takes no Node.js object.
 *
 * @throws {@link ArgumentError} for what has none, with what to wait for
 *
 * @example
 * ```ts
 * import { createServer } from 'node:net'
 * import { socketDescriptor } from '@millrace/maps'
 *
 * const server = createServer().listen(80, () => console.log(socketDescriptor(server)))
 * ```
 */
export function socketDescriptor(socket: SocketSource): number {
  return descriptorOf('socket', socket, true)
}
