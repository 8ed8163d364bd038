import { countWithin } from '@millrace/example-common'
import type { ClientReport, ServerReport } from './hosts/protocol.js'
import type { Transfer } from './iperf.js'
import type { ChangeFigures } from './rig.js'
import type { State } from './state.js'

/** What a run came to; this is what `--json` prints. Microseconds where a name says so. */
export interface Summary {
  readonly seconds: number
  readonly chain: State['chain']
  readonly changes: ChangeFigures
  /** packets that found no next stage, of all stages at the end */
  readonly missed: number
  readonly stages: readonly {
    readonly name: string
    readonly version: number
    readonly packets: number
    readonly dropped: number
  }[]
  readonly requests: { readonly answered: number; readonly failed: number }
  /** numbered datagrams that no stage is to drop */
  readonly probes: { readonly sent: number; readonly lost: number }
  /** TCP connections that were reset, and resets that were sent, of all three hosts */
  readonly resets: number
  /** packets that found no room in a queue before or behind the chain */
  readonly overflow: number
  /** datagrams of the source that the firewall blocks and the limiter slows down */
  readonly noise: { readonly sent: number; readonly arrived: number }
  readonly transfer: { readonly bitsPerSecond: number; readonly retransmits: number; readonly error: string | null }
}

export interface Ending {
  readonly last: State
  readonly overflow: number
  readonly resets: number
  readonly missed: bigint
  readonly client: ClientReport
  readonly server: ServerReport
  readonly transfer: Transfer
}

export function summarize({ last, overflow, resets, missed, client, server, transfer }: Ending): Summary {
  return {
    seconds: last.elapsed,
    chain: last.chain,
    changes: last.changes,
    missed: Number(missed),
    stages: last.stages.map(({ name, version, packets, dropped }) => ({ name, version, packets, dropped })),
    requests: { answered: client.requests.answered, failed: client.requests.failed },
    probes: { sent: client.probes, lost: client.probes - countWithin(server.probes, 0, client.probes) },
    resets,
    overflow,
    noise: { sent: client.noise, arrived: countWithin(server.noise, 0, client.noise) },
    transfer: { ...transfer, error: transfer.error ?? null },
  }
}

/** Whether not a packet was lost, but for those that found a queue full, that no stage was to drop. */
export function isWithoutLoss({ missed, requests, probes, resets, overflow, transfer }: Summary): boolean {
  return missed === 0 && requests.failed === 0 && resets === 0 && probes.lost <= overflow && transfer.error === null
}
