import type { Link } from '@millrace/core'
import type { SocketMechanism } from '../mechanism.js'
import type { SockMapProgram } from './hooks.js'

/** What holds a program at its hook: one of these for each mechanism. */
export interface Grip {
  readonly mechanism: SocketMechanism
  readonly link: Link | undefined
  /** Exchanges the program; `expected`: only if that is the one that is there. */
  update(program: SockMapProgram, expected: SockMapProgram | undefined): void
  /** Takes the program away, whoever else holds it. */
  detach(): void
  /** Lets go; what becomes of the program is up to the mechanism. */
  close(): void
}
