import { ArgumentError, ClosedError, type MillraceError, Program } from '@millrace/core'
import { errno, explain, nativeBinding } from '@millrace/core/internal'
import { type SocketSource, socketDescriptor } from '@millrace/maps'

/**
 * Attaches a program to the group of sockets that share an address and a port by SO_REUSEPORT: it chooses the one that gets a new
 * TCP connection, or a datagram, out of a `ReuseportSockArray` of `@millrace/maps`, or refuses it.
 *
 * A group has one program; another takes its place at once. It stays until the last socket of the group is closed, whatever becomes of
 * this process.
 *
 * @param socket - any of the group: its descriptor, or the `net.Server` that has it
 * @throws ArgumentError for what is no open socket with SO_REUSEPORT, or a program of another type
 * @throws KernelError when the socket's filters are locked (SO_LOCK_FILTER)
 * @throws ClosedError when the program is closed
 * @kernel 4.19
 *
 * @example
 * ```ts
 * import { createServer } from 'node:net'
 * import type { Program } from '@millrace/core'
 * import type { ReuseportSockArray } from '@millrace/maps'
 * import { attachReuseport } from '@millrace/socket'
 *
 * function serve(choose: Program<'sk_reuseport'>, workers: ReuseportSockArray) {
 *   const server = createServer((socket) => socket.end('hello\n'))
 *   server.listen({ port: 80, reusePort: true }, () => {
 *     workers.set(0, server)
 *     attachReuseport(choose, server)
 *   })
 * }
 * ```
 */
export function attachReuseport(program: Program<'sk_reuseport'>, socket: SocketSource): void {
  checkProgram(program)
  const descriptor = socketDescriptor(socket)
  const result = nativeBinding().socketReuseport(program.handle, descriptor)
  if (result !== 0) throw refused(`attach program ${program.name} to the group of a socket`, descriptor, result)
}

/**
 * Takes the program off a group of sockets: the kernel then chooses by a hash of addresses and ports. False when there was none.
 *
 * @param socket - any of the group: its descriptor, or the `net.Server` that has it
 * @throws ArgumentError for what is no open socket with SO_REUSEPORT
 * @throws KernelError when the socket's filters are locked (SO_LOCK_FILTER)
 * @kernel 5.3
 *
 * @example
 * ```ts
 * import type { Server } from 'node:net'
 * import { detachReuseport } from '@millrace/socket'
 *
 * const restore = (server: Server) => detachReuseport(server)
 * ```
 */
export function detachReuseport(socket: SocketSource): boolean {
  const descriptor = socketDescriptor(socket)
  const result = nativeBinding().socketReuseport(0, descriptor)
  if (result === -errno.ENOENT) return false
  if (result !== 0) throw refused('take the program off the group of a socket', descriptor, result)
  return true
}

/** The compiler has checked it, for those who use it. */
function checkProgram(program: Program<'sk_reuseport'>): void {
  if (!(program instanceof Program)) {
    const expected = 'a loaded or opened Program of type sk_reuseport'
    throw new ArgumentError({ argument: 'program', value: program, expected })
  }
  if (program.type !== 'sk_reuseport') {
    throw new ArgumentError({ argument: 'program.type', value: program.type, expected: 'sk_reuseport' })
  }
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
}

function refused(operation: string, descriptor: number, result: number): MillraceError {
  const refuse = (expected: string) => new ArgumentError({ argument: 'socket', value: descriptor, expected })
  switch (-result) {
    case errno.EBADF:
    case errno.ENOTSOCK:
      return refuse('the descriptor of an open socket')
    case errno.EINVAL:
    case errno.ENOTSUPP:
    case errno.EOPNOTSUPP:
      return refuse('a TCP or UDP socket on which SO_REUSEPORT was set before it was bound')
    default:
      return explain({ operation, errno: result, feature: { name: 'taking such a program off', since: '5.3' } })
  }
}
