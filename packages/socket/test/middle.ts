import type { Socket } from 'node:net'
import { type Connection, connection } from '../../maps/test/sockets.js'

/** A client and a server that are connected to a process between them, which has a socket for each. */
export interface Middle extends AsyncDisposable {
  readonly client: Socket
  readonly server: Socket
  /** of the process in the middle */
  readonly toClient: Socket
  readonly toServer: Socket
  /** What the process in the middle has read so far: it reads whatever it gets. */
  read(): { readonly events: number; readonly bytes: number }
}

export async function makeMiddle({ reading = true } = {}): Promise<Middle> {
  const connections: Connection[] = [await connection(), await connection()]
  const [{ near: client, far: toClient }, { near: toServer, far: server }] = connections as [Connection, Connection]
  let events = 0
  if (reading) {
    for (const socket of [toClient, toServer]) {
      socket.on('data', () => events++)
      socket.resume()
    }
  }
  return {
    client,
    server,
    toClient,
    toServer,
    read: () => ({ events, bytes: toClient.bytesRead + toServer.bytesRead }),
    async [Symbol.asyncDispose]() {
      await Promise.all(connections.map((it) => it[Symbol.asyncDispose]()))
    },
  }
}
