import { once } from 'node:events'
import type { Host } from '@millrace/testing'
import { CLIENT, IPERF_PORT, SERVER } from './network.js'

/** What one bulk TCP transfer came to. */
export interface Transfer {
  readonly bitsPerSecond: number
  /** TCP segments that were sent again */
  readonly retransmits: number
  /** undefined: it ran to its end */
  readonly error: string | undefined
}

interface IperfReport {
  readonly error?: string
  readonly end?: {
    readonly sum_sent?: { readonly bits_per_second: number; readonly retransmits: number }
    readonly sum_received?: { readonly bits_per_second: number }
  }
}

/**
 * What may be on its way at once: more than the bandwidth needs, and little enough for the ring in front of native XDP, where nothing is held
 * back before Linux 6.16.
 */
const WINDOW = '256K'

/** A TCP transfer as fast as it goes, by iperf3, until it is stopped. */
export class Iperf {
  readonly #client: ReturnType<Host['spawn']>
  readonly #done: Promise<Transfer>

  private constructor(client: ReturnType<Host['spawn']>) {
    this.#client = client
    let output = ''
    client.stdout?.on('data', (chunk) => (output += chunk))
    this.#done = once(client, 'close').then(() => read(output))
    // Whoever stops it is told.
    this.#done.catch(() => {})
  }

  static async start(hosts: { readonly client: Host; readonly server: Host }): Promise<Iperf> {
    const server = hosts.server.spawn('iperf3', ['--server', '--one-off', '--forceflush', '--port', `${IPERF_PORT}`], {
      stdio: 'pipe',
    })
    const { stdout } = server
    if (stdout === null) throw new TypeError('iperf3 was started without pipes')
    const ended = once(server, 'close').then(() => {
      throw new Error('iperf3 has ended before it listened')
    })
    ended.catch(() => {})
    // It says so when it listens.
    await Promise.race([once(stdout, 'data'), ended])
    stdout.resume()
    const transfer = ['--bind', CLIENT, '--time', '0', '--window', WINDOW, '--json']
    const command = ['--client', SERVER, '--port', `${IPERF_PORT}`, ...transfer]
    return new Iperf(hosts.client.spawn('iperf3', command, { stdio: 'pipe' }))
  }

  async stop(): Promise<Transfer> {
    this.#client.kill('SIGINT')
    return await this.#done
  }
}

function read(output: string): Transfer {
  const { error, end } = JSON.parse(output) as IperfReport
  // Being interrupted is how it is meant to end.
  const interrupted = error === undefined || /interrupt/.test(error)
  return {
    bitsPerSecond: end?.sum_received?.bits_per_second || (end?.sum_sent?.bits_per_second ?? 0),
    retransmits: end?.sum_sent?.retransmits ?? 0,
    error: interrupted ? undefined : error,
  }
}
