import type { ChainHook } from './hooks/hook.js'
import type { ChainParts } from './mechanics.js'
import type { StageInstance } from './stages/stage-instance.js'

/** What a TailCallChain is made of. */
export interface ChainFields<H extends ChainHook> extends ChainParts {
  readonly kind: H
  readonly frags: boolean
  /** instances at work, in order; of a new chain none */
  readonly found: readonly StageInstance[]
  /** closes the program behind the last stage */
  readonly closeEnd: () => void
}
