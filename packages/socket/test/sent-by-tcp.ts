import { execFileSync } from 'node:child_process'
import type { Socket } from 'node:net'

/** Bytes that TCP has sent for a socket, as the kernel counts them: none of what went past it. */
export function sentByTcp({ localPort, remotePort }: Socket): number {
  const filter = `sport = :${localPort} and dport = :${remotePort}`
  const text = execFileSync('ss', ['-Htin', filter], { encoding: 'utf8' })
  if (!text.startsWith('ESTAB')) throw new Error(`ss does not know the connection: ${text}`)
  return Number(/bytes_sent:(\d+)/.exec(text)?.[1] ?? 0)
}
