import { MillraceError } from '@millrace/core'
import { brand, errnoName } from '@millrace/core/internal'

/** What a descriptor stands for, as far as this process can see: the tables of its own network namespace. */
export interface SocketDescription {
  /** as the kernel's tables are called: `tcp`, `tcp6`, `udp`, `udp6`, `unix` ... */
  readonly protocol: string
  /** of TCP, as `ss` and tcp(7) name it: `SYN_SENT`, `CLOSE_WAIT` ...; undefined for the others */
  readonly state: string | undefined
}

/** The fields of a {@link SocketRefusedError}. */
export interface SocketRefusedErrorFields {
  /** name of the map */
  readonly map: string
  readonly descriptor: number
  /** undefined: it is not in the tables, as a TCP socket that is not connected, or one of another network namespace */
  readonly socket: SocketDescription | undefined
  /** of either sign */
  readonly errno: number
  /** reads on after "expected": `an established or listening TCP socket` */
  readonly expected: string
}

/**
 * `ERR_SOCKET_REFUSED`: a map of sockets does not take a socket, for what it is or for the state that it is in. The map was
 * not changed. `errnoName` tells the cases apart:
 *
 * - `EOPNOTSUPP`: a kind of socket that these maps do not take, or one in the wrong state: still connecting, half closed
 * - `EINVAL`: another protocol sits on the socket, such as kernel TLS, or it is not connected; in a {@link ReuseportSockArray}, it was
 *   not bound with SO_REUSEPORT, or does not listen
 * - `EBUSY`: the socket got a program of the same kind from this map or another, or the kernel uses it for itself; in a
 *   {@link ReuseportSockArray}, it is in one already
 *
 * @example
 * ```ts
 * import { connect } from 'node:net'
 * import { SockMap, SocketRefusedError } from '@millrace/maps'
 *
 * using peers = SockMap.create({ name: 'peers', maxEntries: 2 })
 * const socket = connect(80, '192.0.2.1')
 * socket.once('connect', () => {
 *   try {
 *     peers.set(0, socket)
 *   } catch (error) {
 *     if (error instanceof SocketRefusedError) console.error(error.socket?.state, error.expected)
 *   }
 * })
 * ```
 */
export class SocketRefusedError extends MillraceError {
  static {
    brand(SocketRefusedError, 'SocketRefusedError')
  }

  override readonly code = 'ERR_SOCKET_REFUSED'
  readonly map: string
  readonly descriptor: number
  readonly socket: SocketDescription | undefined
  /** positive, as in errno.h */
  readonly errno: number
  readonly errnoName: string
  readonly expected: string

  constructor({ map, descriptor, socket, errno, expected }: SocketRefusedErrorFields) {
    const positive = Math.abs(errno)
    const known = socket === undefined ? '' : `, ${[socket.protocol, socket.state].filter(Boolean).join(' ')},`
    super(
      `map ${map} does not take the socket of descriptor ${descriptor}${known} (${errnoName(positive)}); expected ${expected}`,
    )
    this.map = map
    this.descriptor = descriptor
    this.socket = socket
    this.errno = positive
    this.errnoName = errnoName(positive)
    this.expected = expected
  }
}
