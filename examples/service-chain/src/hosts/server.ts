// Runs in the server's network namespace: an HTTP server, and sinks that take note of which datagrams arrive.
import { createServer } from 'node:http'
import { answer, listenForDatagrams } from '@millrace/example-common'
import type { ServerOrders, ServerReport } from './protocol.js'

const orders = JSON.parse(process.argv[2] ?? '') as ServerOrders
const probes = listenForDatagrams(orders.probePort)
const noise = listenForDatagrams(orders.noisePort)

createServer((_, response) => {
  response.end('Hello from the other end of the chain.\n')
}).listen(orders.httpPort, '0.0.0.0')

answer((): ServerReport => ({ probes, noise }))
