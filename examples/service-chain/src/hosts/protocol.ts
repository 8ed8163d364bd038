import type { RequestFigures, Run } from '@millrace/example-common'

/** What main tells the client to do, as JSON on its command line. */
export interface ClientOrders {
  readonly address: string
  readonly noisyAddress: string
  readonly server: string
  readonly httpPort: number
  readonly probePort: number
  readonly noisePort: number
  readonly probesPerSecond: number
  readonly noisePerSecond: number
}

export interface ServerOrders {
  readonly httpPort: number
  readonly probePort: number
  readonly noisePort: number
}

/** Answer of the client to a line on its standard input. */
export interface ClientReport {
  readonly requests: RequestFigures
  /** datagrams sent; they are numbered from 0 */
  readonly probes: number
  readonly noise: number
}

/** Answer of the server to a line on its standard input. */
export interface ServerReport {
  readonly probes: readonly Run[]
  readonly noise: readonly Run[]
}
