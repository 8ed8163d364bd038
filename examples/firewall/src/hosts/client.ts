// Runs in the client's network namespace: HTTP requests from two addresses, and a stream of datagrams from the first.
import { answer, DatagramStream, Requester } from '@millrace/example-common'
import type { ClientOrders, ClientReport } from './protocol.js'

const CONNECTIONS = 4
/** Milliseconds. A blocked packet gets no answer, so a request needs an end of its own. */
const TIMEOUT = 300

const orders = JSON.parse(process.argv[2] ?? '') as ClientOrders
const requester = new Requester(orders.server, orders.httpPort, orders.address, TIMEOUT)
const allowed = new Requester(orders.server, orders.httpPort, orders.allowedAddress, TIMEOUT)
const stream = await DatagramStream.start(orders.address, orders.server, orders.sinkPort, orders.datagramsPerSecond)

for (let connection = 0; connection < CONNECTIONS; connection++) void requester.run()
void allowed.run()
answer((): ClientReport => ({ requests: requester.figures, allowed: allowed.figures, sent: stream.sent }))
