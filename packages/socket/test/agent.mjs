// A process that does with sockets what its parent tells it over IPC. It is JavaScript, for Node.js runs it as it is.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** Echo servers and sockets that stay open until the process ends. */
const open = []

const actions = {
  /** Echoes what it gets, with its name and the sender's address in front: `server to 10.0.0.1: hello`. */
  async serveTcp({ name, host, port = 0 }) {
    const server = createServer((socket) => {
      socket.on('data', (data) => socket.write(`${name} to ${plain(socket.remoteAddress)}: ${data}`))
      socket.on('error', () => {})
    })
    open.push(server)
    server.listen(port, host)
    await once(server, 'listening')
    return server.address()
  },

  async serveUdp({ name, host, port = 0 }) {
    const socket = createSocket(family(host))
    open.push(socket)
    socket.on('message', (data, { address, port }) => socket.send(`${name} to ${address}: ${data}`, port, address))
    socket.bind(port, host)
    await once(socket, 'listening')
    return socket.address()
  },

  /** Connects, sends, and waits for the echo. */
  async tcp({ host, port, message = 'hello', localPort, timeout = 10_000 }) {
    const socket = connect({ host, port, localPort })
    try {
      const signal = AbortSignal.timeout(timeout)
      await once(socket, 'connect', { signal })
      socket.write(message)
      const [reply] = await once(socket, 'data', { signal })
      const { remoteAddress, remotePort, localAddress, localPort } = socket
      return { reply: String(reply), remoteAddress, remotePort, localAddress, localPort }
    } finally {
      socket.destroy()
    }
  },

  /** Sends a datagram and waits for the echo; `connected`: to a peer that is named once, by connect(). */
  async udp({ host, port, message = 'hello', connected = false, timeout = 10_000 }) {
    const socket = createSocket(family(host))
    try {
      const signal = AbortSignal.timeout(timeout)
      socket.bind()
      await once(socket, 'listening', { signal })
      if (connected) {
        socket.connect(port, host)
        await once(socket, 'connect', { signal })
      }
      const answer = once(socket, 'message', { signal })
      const sent = new Promise((resolve, reject) => {
        const done = (error) => (error ? reject(error) : resolve())
        if (connected) socket.send(message, done)
        else socket.send(message, port, host, done)
      })
      // Whichever fails first is told; the other is not waited for.
      const [[reply, from]] = await Promise.all([answer, sent])
      return {
        reply: String(reply),
        from: from.address,
        fromPort: from.port,
        peer: connected ? socket.remoteAddress() : null,
      }
    } finally {
      socket.close()
    }
  },

  /** Sends a datagram and does not wait. */
  async sendUdp({ host, port, message = 'hello' }) {
    const socket = createSocket(family(host))
    try {
      socket.bind()
      await once(socket, 'listening')
      await new Promise((resolve, reject) => {
        socket.send(message, port, host, (error) => (error ? reject(error) : resolve()))
      })
    } finally {
      socket.close()
    }
  },

  /** Binds, and says where it is then. */
  async bind({ host, port }) {
    const server = createServer()
    try {
      server.listen(port, host)
      await once(server, 'listening')
      return server.address()
    } finally {
      server.close()
    }
  },

  /** Gives away its user, and with it all capabilities. */
  async becomeNobody() {
    process.setgid(65534)
    process.setuid(65534)
  },
}

/** Sockets of IPv6 serve IPv4 as well, and name its addresses in their own way. */
const plain = (address) => address.replace(/^::ffff:/, '')

const family = (host) => (host.includes(':') ? 'udp6' : 'udp4')

process.on('message', async ({ id, action, options }) => {
  // The parent gets a descriptor of the server or socket that was opened last, which stays open here.
  if (action === 'handOver') return process.send({ id, result: null }, open.at(-1))
  try {
    process.send({ id, result: (await actions[action](options ?? {})) ?? null })
  } catch (error) {
    process.send({ id, error: error.code ?? error.name, message: error.message })
  }
})
process.on('disconnect', () => process.exit())
process.send({ id: 0, result: 'ready' })
