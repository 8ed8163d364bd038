import type { Link, Program } from '@millrace/core'
import type { SocketMechanism } from '../mechanism.js'
import type { NetnsHook } from './hook.js'

/** What holds a program at a hook of a network namespace: one of these for each mechanism. */
export interface Grip<H extends NetnsHook> {
  readonly mechanism: SocketMechanism
  /** undefined: no link holds it, and it stays when the process ends */
  readonly link: Link | undefined
  /** of the program that stands in the place of this grip, as far as it knows; 0: none */
  programId(): number
  /** Exchanges the program; `expected`: only if that is the one that is there. */
  update(program: Program<H>, expected: Program<H> | undefined): void
  /** Takes it away, whoever else holds it; what is gone already is no error. */
  detach(): void
  /** Lets go; what becomes of the program is up to the mechanism. */
  close(): void
}
