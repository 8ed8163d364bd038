import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'

/** What one side sent, or the other received. */
export interface Digest {
  readonly bytes: number
  readonly sha256: string
}

/** Sends so many bytes, of which no two pieces are the same, as fast as they are taken. */
export async function send(socket: Socket, bytes: number): Promise<Digest> {
  const hash = createHash('sha256')
  const noise = randomBytes(64 * 1024)
  for (let sent = 0; sent < bytes; ) {
    const piece = Buffer.from(noise.subarray(0, Math.min(noise.length, bytes - sent)))
    piece.writeUInt32LE(sent % 2 ** 32, 0)
    hash.update(piece)
    if (!socket.write(piece)) await once(socket, 'drain')
    sent += piece.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Reads until so many bytes have come, or more. */
export async function receive(socket: Socket, bytes: number): Promise<Digest> {
  const hash = createHash('sha256')
  let received = 0
  for await (const piece of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    hash.update(piece)
    received += piece.length
    if (received >= bytes) break
  }
  return { bytes: received, sha256: hash.digest('hex') }
}

/** Reads to the end. */
export function receiveAll(socket: Socket): Promise<Digest> {
  return receive(socket, Number.POSITIVE_INFINITY)
}

/** Sends in both directions at once, and tells what was sent and what came. */
export async function exchange(one: Socket, other: Socket, bytes: number) {
  const [sentBy, sentByOther, got, gotByOther] = await Promise.all([
    send(one, bytes),
    send(other, bytes),
    receive(one, bytes),
    receive(other, bytes),
  ])
  return { there: { sent: sentBy, received: gotByOther }, back: { sent: sentByOther, received: got } }
}
