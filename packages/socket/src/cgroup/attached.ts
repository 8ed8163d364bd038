import type { AttachedProgram } from '@millrace/core'
import { describeProgram, type Holders } from '@millrace/core/internal'
import type { Entry } from './standing.js'

/** A program at a hook of a control group, whoever put it there. */
export interface AttachedCgroup {
  readonly program: AttachedProgram
  /** path of the control group that it was attached to */
  readonly cgroup: string
  /** undefined: attached without a link; or which one it is cannot be told */
  readonly linkId: number | undefined
  /**
   * processes that hold its link, or where there is none its program, open; empty when it is only pinned, or nobody needs to hold
   * it. undefined: nobody was found, and this process may not look into all others; or it was not asked for
   */
  readonly pids: readonly number[] | undefined
}

export function describe(entry: Entry, cgroup: string, holders: Holders | undefined): AttachedCgroup {
  const { programId } = entry
  const linkId = entry.linkId === 0 ? undefined : entry.linkId
  return {
    program: describeProgram(programId) ?? { id: programId, name: undefined, tag: undefined },
    cgroup,
    linkId,
    pids: linkId === undefined ? holders?.of('program', programId) : holders?.of('link', linkId),
  }
}
