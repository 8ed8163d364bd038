import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Splicer } from './splicer.js'

const MB = 1024 * 1024

/** A proxy that reads nothing: the kernel carries what its clients and a server send each other, both ways and to the end. */
export async function splice({ bytes = 64 * MB } = {}) {
  using splicer = await Splicer.create()
  await using server = await listen(answer)
  const proxied: Socket[] = []
  await using proxy = await listen((client) => {
    const upstream = connect({ ...server.address, allowHalfOpen: true }, () => splicer.join(client, upstream))
    proxied.push(client, upstream)
  })

  const client = connect({ ...proxy.address, allowHalfOpen: true })
  const [sent, received] = await Promise.all([send(client, bytes), receive(client)])
  await Promise.all(proxied.map((socket) => socket.closed || once(socket, 'close')))
  const readByProxy = proxied.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
  return { bytes, intact: received.equals(sent), readByProxy }
}

/** Says what it has heard, once that has come to its end. */
function answer(socket: Socket): void {
  const heard: Buffer[] = []
  socket.on('data', (piece) => heard.push(piece)).resume()
  socket.on('end', () => {
    for (const piece of heard) socket.write(piece)
    socket.end()
  })
}

/** Returns the checksum. */
async function send(socket: Socket, bytes: number): Promise<Buffer> {
  const hash = createHash('sha256')
  for (let left = bytes; left > 0; ) {
    const piece = randomBytes(Math.min(left, MB / 4))
    hash.update(piece)
    left -= piece.length
    if (!socket.write(piece)) await once(socket, 'drain')
  }
  socket.end()
  return hash.digest()
}

async function receive(socket: Socket): Promise<Buffer> {
  const hash = createHash('sha256')
  for await (const piece of socket) hash.update(piece)
  return hash.digest()
}

async function listen(accept: (socket: Socket) => void) {
  const server: Server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { address: { host: '127.0.0.1', port }, [Symbol.asyncDispose]: async () => void server.close() }
}
