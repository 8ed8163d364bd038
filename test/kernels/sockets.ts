import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Both ends of a TCP connection over the loopback interface. */
export async function connection(): Promise<{ client: Socket; server: Socket } & AsyncDisposable> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const client = connect(portOf(listener), '127.0.0.1')
  const [[server]] = (await Promise.all([once(listener, 'connection'), once(client, 'connect')])) as [[Socket], unknown]
  listener.close()
  return {
    client,
    server,
    async [Symbol.asyncDispose]() {
      client.destroy()
      server.destroy()
    },
  }
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
