// Runs in the server's network namespace: an HTTP server, and a sink that takes note of which datagrams arrive.
import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'
import { answer } from '@millrace/example-common'
import type { ServerOrders, ServerReport } from './protocol.js'

const orders = JSON.parse(process.argv[2] ?? '') as ServerOrders
const requests: Record<string, number> = {}
const arrived: [first: number, last: number][] = []

createServer((request, response) => {
  const address = request.socket.remoteAddress ?? ''
  requests[address] = (requests[address] ?? 0) + 1
  response.end('Hello from the other side of the firewall.\n')
}).listen(orders.httpPort, '0.0.0.0')

const sink = createSocket('udp4')
sink.on('message', (datagram) => {
  const number = datagram.readUInt32BE()
  const run = arrived.at(-1)
  if (run !== undefined && run[1] + 1 === number) run[1] = number
  else arrived.push([number, number])
})
sink.bind(orders.sinkPort, '0.0.0.0')

answer((): ServerReport => ({ requests, arrived }))
