import type { ChangeFigures } from './rig.js'

/** One stage as it is drawn. */
export interface StageState {
  readonly name: string
  readonly version: number
  readonly packets: number
  readonly perSecond: number
  readonly dropped: number
  readonly missed: number
  /** packets per second, oldest first */
  readonly history: readonly number[]
}

/** Everything there is to show at one moment. */
export interface State {
  /** seconds since the start, and of the whole run; undefined: until somebody ends it */
  readonly elapsed: number
  readonly seconds: number | undefined
  readonly chain: { readonly hook: string; readonly mechanism: string; readonly interface: string }
  readonly stages: readonly StageState[]
  /** the last change, in words */
  readonly event: string
  readonly changes: ChangeFigures
  readonly requests: { readonly answered: number; readonly failed: number; readonly perSecond: number }
  /** numbered datagrams; lost are those that later ones have overtaken for good */
  readonly probes: { readonly sent: number; readonly arrived: number; readonly lost: number }
  readonly noise: { readonly sent: number; readonly arrived: number }
}
