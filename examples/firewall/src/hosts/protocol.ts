import type { RequestFigures } from '@millrace/example-common'

/** What main tells the client to do, as JSON on its command line. */
export interface ClientOrders {
  /** where requests come from that the firewall is going to block, and the stream of datagrams */
  readonly address: string
  /** where requests come from that it always lets through */
  readonly allowedAddress: string
  readonly server: string
  readonly httpPort: number
  readonly sinkPort: number
  readonly datagramsPerSecond: number
}

export interface ServerOrders {
  readonly httpPort: number
  readonly sinkPort: number
}

/** Answer of the client to a line on its standard input. */
export interface ClientReport {
  readonly requests: RequestFigures
  readonly allowed: RequestFigures
  /** datagrams sent; they are numbered from 0 */
  readonly sent: number
}

/** Answer of the server to a line on its standard input. */
export interface ServerReport {
  /** by address of the client */
  readonly requests: Readonly<Record<string, number>>
  /** numbers of the datagrams that arrived, as runs without a hole: first and last */
  readonly arrived: readonly (readonly [first: number, last: number])[]
}
