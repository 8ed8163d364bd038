// Runs in the client's network namespace: HTTP requests, a thin stream of probes none of which may be lost, and noise.
import { answer, DatagramStream, Requester } from '@millrace/example-common'
import type { ClientOrders, ClientReport } from './protocol.js'

const CONNECTIONS = 4
/** Milliseconds: nothing is to be lost for good, however busy the machine is. */
const TIMEOUT = 10_000

const orders = JSON.parse(process.argv[2] ?? '') as ClientOrders
const { address, noisyAddress, server } = orders
const requester = new Requester(server, orders.httpPort, address, TIMEOUT)
const probes = await DatagramStream.start(address, server, orders.probePort, orders.probesPerSecond)
const noise = await DatagramStream.start(noisyAddress, server, orders.noisePort, orders.noisePerSecond)

for (let connection = 0; connection < CONNECTIONS; connection++) void requester.run()
answer((): ClientReport => ({ requests: requester.figures, probes: probes.sent, noise: noise.sent }))
