import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'

/** Servers that greet, in this process: `hello from backend`. */
export interface Greeter extends AsyncDisposable {
  readonly address: string
  readonly port: number
}

export async function greetTcp(name: string, address = '127.0.0.1'): Promise<Greeter & { readonly server: Server }> {
  const server = createServer((socket) => socket.on('error', () => {}).end(`hello from ${name}`))
  server.listen(0, address)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { address, port, server, [Symbol.asyncDispose]: async () => void server.close() }
}

/** At a port of its own, unless told. */
export async function greetUdp(name: string, address = '127.0.0.1', port = 0): Promise<Greeter> {
  const socket = createSocket('udp4')
  socket.on('message', (_, from) => socket.send(`hello from ${name}`, from.port, from.address))
  socket.bind(port, address)
  await once(socket, 'listening')
  return { address, port: socket.address().port, [Symbol.asyncDispose]: async () => void socket.close() }
}

/** An address of the loopback that no other run of this example has. */
export function ownLoopback(last: number): string {
  return `127.${(process.pid >> 8) & 0xff}.${process.pid & 0xff}.${last}`
}
