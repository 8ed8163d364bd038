/** What runs in a control group: short scripts of Node.js that print one line of JSON. */

interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Connects, and prints the answer and who is said to be at the other end; or the error. */
export const callTcp = ({ address, port }: Endpoint) => `
  const socket = require('node:net').connect(${port}, '${address}')
  const print = (result) => { console.log(JSON.stringify(result)); process.exit() }
  socket.on('data', (data) => print({ answer: String(data), peer: socket.remoteAddress + ':' + socket.remotePort }))
  socket.on('error', ({ code }) => print({ error: code }))`

/** Sends a datagram, and prints the answer and who is said to have sent it; or the error. */
export const callUdp = ({ address, port }: Endpoint) => `
  const socket = require('node:dgram').createSocket('udp4')
  const print = (result) => { console.log(JSON.stringify(result)); process.exit() }
  socket.on('message', (data, { address, port }) => print({ answer: String(data), peer: address + ':' + port }))
  socket.on('error', ({ code }) => print({ error: code }))
  socket.bind(() => socket.send('hello', ${port}, '${address}', (error) => error && print({ error: error.code })))`

/** Without any privilege, listens at a port of every address, and prints where it does. */
export const listenAsNobody = (port: number) => `
  process.setgid(65534)
  process.setuid(65534)
  const server = require('node:net').createServer().listen(${port}, '0.0.0.0')
  const print = (result) => { console.log(JSON.stringify(result)); process.exit() }
  server.on('listening', () => print(server.address()))
  server.on('error', ({ code }) => print({ error: code }))`

/** Says something to itself over a connection, and echoes it, so many times; prints what was heard last. */
export const talkWithin = (rounds: number) => `
  const { connect, createServer } = require('node:net')
  const server = createServer((socket) => socket.on('data', (data) => socket.write('echo of ' + data)))
  server.listen(0, '127.0.0.1', () => {
    let round = 1
    const client = connect(server.address().port, '127.0.0.1', () => client.write('1'))
    client.on('data', (data) => {
      if (round < ${rounds}) return client.write(String(++round))
      console.log(JSON.stringify({ heard: String(data) }))
      process.exit()
    })
  })`
