import type { Mark } from './monitor.js'
import type { ReplaceState, RuleState, State } from './state.js'

/** The figures of a whole run: what `--json` prints. Times in milliseconds where they do not say otherwise. */
export interface Summary {
  readonly seconds: number
  readonly attachment: {
    readonly interface: string
    readonly mode: string
    readonly mechanism: string
    /** why not a better mode or mechanism */
    readonly reason: string | null
  }
  /** of the client that is blocked for a while */
  readonly requests: {
    readonly answered: number
    readonly failed: number
    readonly answeredBeforeBlock: number
    readonly answeredWhileBlocked: number
    readonly answeredAfterUnblock: number
    /** mean while nothing was blocked */
    readonly perSecond: number
  }
  /** requests from the address that is always let through, across all replacements */
  readonly allowed: { readonly answered: number; readonly failed: number; readonly longestGap: number }
  readonly packets: {
    /** frames that the interface received while a program was attached, by the interface's own count */
    readonly received: number
    /** frames that each version of the program decided over; together, all of them */
    readonly decided: readonly number[]
    readonly passed: number
    readonly dropped: number
    readonly perSecond: number
  }
  readonly rules: readonly Omit<RuleState, 'perSecond'>[]
  readonly drops: { readonly events: number; readonly overruns: number }
  readonly replaced: ReplaceState
  /** datagrams that the client sent from the blocked prefix, numbered, and how many of those reached the server */
  readonly whileBlocked: { readonly sent: number; readonly unfiltered: number }
}

/** What a run leaves to sum up. */
export interface Outcome {
  /** the traffic as the phases began */
  readonly open: Mark
  readonly block: Mark
  readonly unblock: Mark
  readonly end: State
  readonly received: number
  readonly decided: readonly number[]
  readonly reason: string | undefined
}

export function summarize({ open, block, unblock, end, received, decided, reason }: Outcome): Summary {
  const { interface: at, mode, mechanism } = end.attachment
  const before = block.client.requests.answered - open.client.requests.answered
  const during = unblock.client.requests.answered - block.client.requests.answered
  const after = end.requests.answered - unblock.client.requests.answered
  const secondsOpen = block.at - open.at + end.elapsed - unblock.at
  return {
    seconds: rounded(end.elapsed),
    attachment: { interface: at, mode, mechanism, reason: reason ?? null },
    requests: {
      answered: end.requests.answered,
      failed: end.requests.failed,
      answeredBeforeBlock: before,
      answeredWhileBlocked: during,
      answeredAfterUnblock: after,
      perSecond: rounded((before + after) / secondsOpen),
    },
    allowed: { ...end.allowed, longestGap: rounded(end.allowed.longestGap) },
    packets: {
      received,
      decided,
      passed: end.passed.packets,
      dropped: end.dropped.packets,
      perSecond: rounded(received / end.elapsed),
    },
    rules: end.rules.map(({ source, verdict, packets, bytes }) => ({ source, verdict, packets, bytes })),
    drops: { events: end.drops.events, overruns: end.drops.overruns },
    replaced: {
      count: end.replaced.count,
      medianMicros: rounded(end.replaced.medianMicros),
      longestMicros: rounded(end.replaced.longestMicros),
    },
    whileBlocked: { sent: unblock.client.sent - block.client.sent, unfiltered: end.unfiltered },
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
