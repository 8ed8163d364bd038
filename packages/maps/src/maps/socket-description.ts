import { fstatSync, readFileSync } from 'node:fs'
import type { SocketDescription } from '../errors/socket-refused-error.js'

/** By number, include/net/tcp_states.h. */
const tcpStates = [
  ...['', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT'],
  ...['LAST_ACK', 'LISTEN', 'CLOSING', 'NEW_SYN_RECV', 'BOUND_INACTIVE'],
]

/** The kernel's tables, with the columns of a socket's state and inode. */
const tables = [
  ...['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].map((protocol) => ({ protocol, state: 3, inode: 9 })),
  { protocol: 'unix', state: 5, inode: 6 },
]

/** What socket a descriptor stands for, to tell people what was wrong with it; undefined when it cannot be told. */
export function describeSocket(descriptor: number): SocketDescription | undefined {
  try {
    const inode = `${fstatSync(descriptor).ino}`
    for (const { protocol, ...columns } of tables) {
      const state = stateOf(protocol, inode, columns)
      if (state === undefined) continue
      return { protocol, state: protocol.startsWith('tcp') ? tcpStates[Number.parseInt(state, 16)] : undefined }
    }
  } catch {
    // It was closed meanwhile.
  }
  return undefined
}

function stateOf(protocol: string, inode: string, columns: { state: number; inode: number }): string | undefined {
  for (const line of readTable(protocol).split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    if (fields[columns.inode] === inode) return fields[columns.state]
  }
  return undefined
}

/** '' where the kernel has no such protocol. */
function readTable(protocol: string): string {
  try {
    return readFileSync(`/proc/thread-self/net/${protocol}`, 'utf8')
  } catch {
    return ''
  }
}
