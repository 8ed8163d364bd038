import type { AttachedProgram } from '@millrace/core'
import type { TcFilter, TcMechanism } from './mechanism.js'

/** One that stands on a hook, whoever put it there. */
export interface AttachedTc {
  readonly mechanism: TcMechanism
  /** undefined: a filter that is no program, such as flower or u32 */
  readonly program: AttachedProgram | undefined
  /** undefined: attached without a link */
  readonly linkId: number | undefined
  /** what {@link adoptTc} named it, or {@link attachTc} on clsact; undefined: nobody did */
  readonly name: string | undefined
  /** the filter that holds it, on clsact */
  readonly filter: TcFilter | undefined
  /**
   * processes that hold its link, or where there is none its program, open; empty when it is only pinned, or nobody needs to hold
   * it. undefined: this process may not look into others (CAP_SYS_PTRACE)
   */
  readonly pids: readonly number[] | undefined
}
