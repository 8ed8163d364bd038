// hand-over.mjs COUNT: gives its parent COUNT TCP servers that it has inherited as the descriptors from 10 on, and a UDP socket
// that it has as the next, and ends when it is told to.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

const count = Number(process.argv[2])
const told = once(process, 'message')
process.on('disconnect', () => process.exit())

for (let index = 0; index < count; index++) {
  const server = createServer().listen({ fd: 10 + index })
  await once(server, 'listening')
  process.send('server', server)
}
// It listens at once, and says so before one could wait for it.
const socket = createSocket('udp4')
socket.bind({ fd: 10 + count, exclusive: true })
process.send('socket', socket)
await told
process.exit()
