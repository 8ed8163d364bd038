import { spawn } from 'node:child_process'
import type { Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { descriptorOf, portOf, socketDescriptors } from './sockets.js'

/** Sockets with SO_REUSEPORT, which Node.js before 23.1 cannot make. */
export interface ReuseportGroup extends AsyncDisposable {
  /** TCP, all on one port */
  readonly servers: readonly Server[]
  /** which of the servers got each connection, in order */
  readonly served: readonly number[]
  /** the descriptor of a UDP socket */
  readonly udp: number
  /** Connects, and is over when one of the servers, or none, has accepted. */
  call(): Promise<'accepted' | 'refused'>
}

const script = fileURLToPath(new URL('./hand-over.mjs', import.meta.url))

/** @param program - path of test/c/reuseport-sockets.c, compiled */
export async function reuseportGroup(program: string, count: number): Promise<ReuseportGroup> {
  const before = socketDescriptors()
  const servers: Server[] = []
  const served: number[] = []
  let udp: UdpSocket | undefined
  const child = spawn(program, [`${count}`, process.execPath, script, `${count}`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  child.on('message', (word, handle) => {
    if (word === 'server') servers.push(handle as Server)
    if (word === 'socket') {
      udp = handle as UdpSocket
      child.send('thanks')
    }
  })
  const [code] = await ended
  if (code !== 0 || udp === undefined) throw new Error(`the sockets were not made: ${code}`)
  for (const [index, server] of servers.entries()) {
    server.on('connection', (socket) => {
      served.push(index)
      socket.on('error', () => {})
      socket.end('welcome')
    })
  }
  const others = [...before, ...servers.map(descriptorOf)]
  const [descriptor = -1] = socketDescriptors().filter((it) => !others.includes(it))
  return {
    servers,
    served,
    udp: descriptor,
    call: () => call(portOf(servers[0] ?? expectServer())),
    async [Symbol.asyncDispose]() {
      udp?.close()
      await Promise.all(servers.filter(({ listening }) => listening).map(closeServer))
    },
  }
}

export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await closed
}

async function call(port: number): Promise<'accepted' | 'refused'> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'data')
    return 'accepted'
  } catch {
    return 'refused'
  } finally {
    socket.destroy()
  }
}

function expectServer(): never {
  throw new Error('there is no server')
}
