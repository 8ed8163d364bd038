import { fileURLToPath } from 'node:url'
import { Reporter } from '@millrace/example-common'
import type { Host } from '@millrace/testing'
import type { ClientOrders, ClientReport, ServerOrders, ServerReport } from './hosts/protocol.js'
import { ALLOWED, CLIENT, HTTP_PORT, SERVER, SINK_PORT } from './network.js'

const DATAGRAMS_PER_SECOND = 10_000

const serverOrders: ServerOrders = { httpPort: HTTP_PORT, sinkPort: SINK_PORT }
const clientOrders: ClientOrders = {
  address: CLIENT,
  allowedAddress: ALLOWED,
  server: SERVER,
  httpPort: HTTP_PORT,
  sinkPort: SINK_PORT,
  datagramsPerSecond: DATAGRAMS_PER_SECOND,
}

/** What both ends have seen. */
export interface TrafficReport {
  readonly client: ClientReport
  readonly server: ServerReport
}

/** The processes that make the traffic: an HTTP server and a client that keeps fetching, each in its own namespace. */
export class Traffic {
  readonly #server: Reporter<ServerReport>
  readonly #client: Reporter<ClientReport>

  private constructor(server: Reporter<ServerReport>, client: Reporter<ClientReport>) {
    this.#server = server
    this.#client = client
  }

  static async start(hosts: { readonly client: Host; readonly server: Host }): Promise<Traffic> {
    const server = new Reporter<ServerReport>('server', spawnHost(hosts.server, 'server', serverOrders))
    // The first report says that it listens.
    await server.report()
    const client = new Reporter<ClientReport>('client', spawnHost(hosts.client, 'client', clientOrders))
    await client.report()
    return new Traffic(server, client)
  }

  async report(): Promise<TrafficReport> {
    const [client, server] = await Promise.all([this.#client.report(), this.#server.report()])
    return { client, server }
  }

  /** Ends both; first the one that begins connections. */
  async stop(): Promise<void> {
    await this.#client.stop()
    await this.#server.stop()
  }
}

function spawnHost(host: Host, role: 'client' | 'server', orders: ClientOrders | ServerOrders) {
  const script = fileURLToPath(new URL(`./${role}.js`, import.meta.url))
  return host.spawn(process.execPath, [script, JSON.stringify(orders)], { stdio: 'pipe' })
}
