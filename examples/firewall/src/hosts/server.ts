// Runs in the server's network namespace: an HTTP server, and a sink that takes note of which datagrams arrive.
import { createServer } from 'node:http'
import { answer, listenForDatagrams } from '@millrace/example-common'
import type { ServerOrders, ServerReport } from './protocol.js'

const orders = JSON.parse(process.argv[2] ?? '') as ServerOrders
const requests: Record<string, number> = {}
const arrived = listenForDatagrams(orders.sinkPort)

createServer((request, response) => {
  const address = request.socket.remoteAddress ?? ''
  requests[address] = (requests[address] ?? 0) + 1
  response.end('Hello from the other side of the firewall.\n')
}).listen(orders.httpPort, '0.0.0.0')

answer((): ServerReport => ({ requests, arrived }))
