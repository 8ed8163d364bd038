import type { Link, Program } from '@millrace/core'
import type { SocketMechanism } from '../mechanism.js'
import type { CgroupProgramType } from './hooks.js'
import type { CgroupMode } from './mode.js'

/** A program of a kind that runs in control groups. */
export type CgroupProgram = Program<CgroupProgramType>

/** What holds a program at its place: one of these for each mechanism. */
export interface Grip {
  readonly mechanism: SocketMechanism
  readonly mode: CgroupMode
  /** undefined: no link holds it, and it stays when the process ends */
  readonly link: Link | undefined
  /** of the program that stands in the place of this grip, as far as it knows; 0: none */
  programId(): number
  /** Exchanges the program; `expected`: only if that is the one that is there. */
  update(program: CgroupProgram, expected: CgroupProgram | undefined): void
  /** Takes it away, whoever else holds it; what is gone already is no error. */
  detach(): void
  /** Lets go; what becomes of the program is up to the mechanism. */
  close(): void
}
