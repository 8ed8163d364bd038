/** What the example does, in this order. */
export const PHASES = ['open', 'block', 'replace', 'unblock'] as const
export type Phase = (typeof PHASES)[number]

/** Packets and bytes that one line of the rule table decided. */
export interface RuleState {
  readonly source: string
  /** `removed`: it dropped while it was there */
  readonly verdict: 'pass' | 'drop' | 'removed'
  readonly packets: number
  readonly bytes: number
  readonly perSecond: number
}

/** Drops alike, one right after the other. */
export interface DropLine {
  /** of the first, in seconds since the start */
  readonly at: number
  readonly source: string
  /** address and, where the protocol has one, port */
  readonly destination: string
  readonly protocol: string
  readonly reason: string
  /** of the program that dropped */
  readonly version: number
  readonly events: number
}

export interface DropsState {
  /** oldest first */
  readonly latest: readonly DropLine[]
  /** read so far */
  readonly events: number
  /** lost, since the ring was full */
  readonly overruns: number
}

/** How often the program was replaced, and what came of it. */
export interface ReplaceState {
  readonly count: number
  /** microseconds a call of `update` takes: the middle one, and the longest */
  readonly medianMicros: number
  readonly longestMicros: number
}

/** Everything there is to show at one moment. */
export interface State {
  /** seconds since the start, and of the whole run */
  readonly elapsed: number
  readonly seconds: number
  readonly phase: Phase
  readonly attachment: { readonly interface: string; readonly mode: string; readonly mechanism: string }
  readonly program: { readonly name: string; readonly version: number; readonly id: number }
  readonly client: { readonly address: string; readonly isBlocked: boolean }
  readonly server: { readonly address: string; readonly port: number }
  readonly requests: { readonly answered: number; readonly failed: number; readonly perSecond: number }
  /** of the address that is always let through; the gap in milliseconds */
  readonly allowed: { readonly answered: number; readonly failed: number; readonly longestGap: number }
  readonly passed: { readonly packets: number; readonly perSecond: number }
  readonly dropped: { readonly packets: number; readonly perSecond: number }
  readonly rules: readonly RuleState[]
  readonly drops: DropsState
  readonly replaced: ReplaceState
  /** packets of the blocked prefix that the server got while it was blocked */
  readonly unfiltered: number
  /** per second, oldest first, for the charts */
  readonly history: {
    readonly requests: readonly number[]
    readonly passed: readonly number[]
    readonly dropped: readonly number[]
  }
}
