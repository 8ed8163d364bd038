import { fileURLToPath } from 'node:url'
import { Reporter } from '@millrace/example-common'
import type { Host } from '@millrace/testing'
import type { ClientOrders, ClientReport, ServerOrders, ServerReport } from './hosts/protocol.js'
import { CLIENT, HTTP_PORT, NOISE_PORT, NOISY, PROBE_PORT, SERVER } from './network.js'

const serverOrders: ServerOrders = { httpPort: HTTP_PORT, probePort: PROBE_PORT, noisePort: NOISE_PORT }
const clientOrders: ClientOrders = {
  ...serverOrders,
  address: CLIENT,
  noisyAddress: NOISY,
  server: SERVER,
  // Below what the limiter lets through, and above it.
  probesPerSecond: 200,
  noisePerSecond: 2_000,
}

/** What both ends have seen. */
export interface TrafficReport {
  readonly client: ClientReport
  readonly server: ServerReport
}

/** The processes that fetch and serve, probe and make noise, each in its own namespace. */
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

  /** Ends the client; returns what it had sent at its end. */
  async stopClient(): Promise<ClientReport> {
    const last = await this.#client.report()
    await this.#client.stop()
    return last
  }

  async stopServer(): Promise<ServerReport> {
    const last = await this.#server.report()
    await this.#server.stop()
    return last
  }
}

function spawnHost(host: Host, role: 'client' | 'server', orders: ClientOrders | ServerOrders) {
  const script = fileURLToPath(new URL(`./${role}.js`, import.meta.url))
  return host.spawn(process.execPath, [script, JSON.stringify(orders)], { stdio: 'pipe' })
}
