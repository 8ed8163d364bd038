import { isIPv4, isIPv6 } from 'node:net'
import { ArgumentError } from '@millrace/core'

/**
 * Both ends of a connection as one of its sockets has them: `struct mr_socket_key` of `millrace/sock_map.h`, by which programs find
 * sockets in a SockHash. IPv4 addresses are written as `::ffff:192.0.2.1`; ports are plain numbers, which the map's codec writes as C has them, in
 * network byte order.
 */
export interface SocketKey {
  local: string
  remote: string
  localPort: number
  remotePort: number
}

/** Both ends, as `net.Socket` tells them. */
export interface ConnectedSocket {
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}

/**
 * The key by which a program finds a connected socket: what `mr_socket_key()` of `millrace/sock_map.h` makes of it in C.
 *
 * @throws ArgumentError for a socket that is not connected, or not over IP
 *
 * @example
 * ```ts
 * import { connect } from 'node:net'
 * import { socketKey } from '@millrace/socket'
 *
 * const socket = connect(80, '192.0.2.1', () => {
 *   console.log(socketKey(socket))     // { local: '::ffff:192.0.2.9', localPort: 40000, remote: '::ffff:192.0.2.1', ... }
 * })
 * ```
 */
export function socketKey(socket: ConnectedSocket): SocketKey {
  const { localAddress, localPort, remoteAddress, remotePort } = socket ?? {}
  const local = mapped(localAddress)
  const remote = mapped(remoteAddress)
  if (local === undefined || remote === undefined || localPort === undefined || remotePort === undefined) {
    throw new ArgumentError({ argument: 'socket', value: socket, expected: expectedInstead(socket) })
  }
  return { local, remote, localPort, remotePort }
}

/** A socket of Node.js forgets its ends when it is closed, and the kernel forgets the far end when that has reset the connection. */
function expectedInstead(
  socket: ConnectedSocket & { readonly destroyed?: unknown; readonly connecting?: unknown },
): string {
  const expected = 'a connected socket of IPv4 or IPv6'
  if (socket?.connecting === true) return `${expected}: wait for its 'connect'`
  if (socket?.destroyed === true) return `${expected}: this one was closed`
  return socket?.localPort === undefined ? expected : `${expected}: this one is connected no more`
}

/** As an IPv6 address, without the zone of a link-local one, which programs do not see. */
function mapped(address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  if (isIPv4(address)) return `::ffff:${address}`
  return isIPv6(address) ? address.replace(/%.*/, '') : undefined
}
