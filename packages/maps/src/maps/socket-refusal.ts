import { ArgumentError, type MillraceError, type RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import { type SocketDescription, SocketRefusedError } from '../errors/socket-refused-error.js'
import { describeSocket } from './socket-description.js'

/** The error for a socket that the kernel did not put into a map. */
export function socketRefusal(raw: RawMap, descriptor: number, result: number): MillraceError {
  switch (-result) {
    case errno.EBADF:
    case errno.ENOTSOCK:
      if (raw.closed) break
      return new ArgumentError({ argument: 'socket', value: descriptor, expected: 'the descriptor of an open socket' })
    case errno.EOPNOTSUPP:
    case errno.EINVAL:
    case errno.EBUSY: {
      const socket = describeSocket(descriptor)
      const expected = expectedInstead(-result, socket)
      return new SocketRefusedError({ map: raw.name, descriptor, socket, errno: result, expected })
    }
  }
  return mapOperationError(raw, 'set', result)
}

const suitable = 'an established or listening TCP socket, a UDP socket, or from Linux 5.15 on a connected Unix socket'

function expectedInstead(code: number, socket: SocketDescription | undefined): string {
  if (code === errno.EBUSY) {
    return 'a socket that has no program of the kind yet: it got one from this map or another, delete it from all maps first'
  }
  if (code === errno.EINVAL) {
    return `${suitable}, with no other protocol on it (as kernel TLS), and connected if the map's programs redirect it`
  }
  switch (socket?.state) {
    case 'SYN_SENT':
    case 'SYN_RECV':
      return `${suitable}: this one is still connecting`
    case 'FIN_WAIT1':
    case 'FIN_WAIT2':
    case 'CLOSE_WAIT':
    case 'CLOSING':
    case 'LAST_ACK':
      return `${suitable}: of this one a side has closed`
    default:
      return suitable
  }
}
