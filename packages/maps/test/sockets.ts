import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Both ends of a TCP connection over the loopback interface. Nothing is read until a test asks for it. */
export interface Connection extends AsyncDisposable {
  /** the end that connected */
  readonly near: Socket
  /** the end that accepted */
  readonly far: Socket
}

export async function connection(): Promise<Connection> {
  const server = await listener()
  const near = connect({ host: '127.0.0.1', port: portOf(server), allowHalfOpen: true })
  const [[far]] = (await Promise.all([once(server, 'connection'), once(near, 'connect')])) as [[Socket], unknown]
  server.close()
  // A test that resets a connection looks at the map.
  near.on('error', () => {})
  return {
    near,
    far,
    async [Symbol.asyncDispose]() {
      await Promise.all([closed(near), closed(far)])
    },
  }
}

export async function listener(): Promise<Server> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** A connection whose other end has no room to accept it, so that it stays half open. */
export async function connecting(): Promise<{ readonly socket: Socket } & AsyncDisposable> {
  const server = spawn(process.execPath, ['-e', unaccepting], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(server.stdout, 'data')
  const sockets: Socket[] = []
  // As many as are accepted without anybody's doing.
  for (let queued = 0; queued < 2; queued++) {
    const socket = connect(Number(port), '127.0.0.1')
    sockets.push(socket)
    await once(socket, 'connect')
  }
  const socket = connect(Number(port), '127.0.0.1')
  sockets.push(socket)
  return {
    socket,
    async [Symbol.asyncDispose]() {
      await Promise.all([...sockets.map(closed), killed(server)])
    },
  }
}

const unaccepting = `
  const server = require('node:net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`

/** A UDP socket and the number of its descriptor, which Node.js does not tell. */
export async function udp() {
  const before = new Set(socketDescriptors())
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const [descriptor = -1] = socketDescriptors().filter((it) => !before.has(it))
  return {
    socket,
    descriptor,
    async [Symbol.asyncDispose]() {
      const done = once(socket, 'close')
      socket.close()
      await done
    },
  }
}

/** Of this process. */
export function socketDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .filter((name) => targetOf(name).startsWith('socket:'))
    .map(Number)
}

function targetOf(name: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${name}`)
  } catch {
    return ''
  }
}

/** Where Node.js keeps it: what the maps have to find by themselves. */
export function descriptorOf(socket: Socket | Server): number {
  return (socket as unknown as { _handle: { fd: number } })._handle.fd
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

export async function closed(socket: Socket): Promise<void> {
  if (socket.closed) return
  const done = once(socket, 'close')
  socket.destroy()
  await done
}

async function killed(child: ChildProcess): Promise<void> {
  const done = once(child, 'close')
  child.kill('SIGKILL')
  await done
}
