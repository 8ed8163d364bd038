import type { AttachedProgram } from '@millrace/core'
import { checkBoolean, checkOptions, describeProgram, findHolders } from '@millrace/core/internal'
import { type NetnsHook, resolvePlace } from './hook.js'
import { type Entry, standingAt } from './standing.js'

/** A program at a hook of a network namespace, whoever put it there. */
export interface AttachedNetns {
  readonly program: AttachedProgram
  /** undefined: attached without a link; or which one it is cannot be told */
  readonly linkId: number | undefined
  /**
   * processes that hold its link, or where there is none its program, open; empty when it is only pinned, or nobody needs to hold
   * it. undefined: nobody was found, and this process may not look into all others; or it was not asked for
   */
  readonly pids: readonly number[] | undefined
}

/** Options of {@link querySkLookup} and {@link queryFlowDissector}. */
export interface QueryNetnsOptions {
  /** network namespace: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them; default: this process's own */
  readonly netns?: string | undefined
  /** whether to look for the processes that hold each, through all of /proc; default true */
  readonly pids?: boolean | undefined
}

export function query(hook: NetnsHook, options: QueryNetnsOptions): AttachedNetns[] {
  checkOptions('options', options, ['netns', 'pids'])
  const { netns, pids = true } = options
  const holders = checkBoolean('options.pids', pids) ? findHolders() : undefined
  return standingAt(resolvePlace(hook, netns)).map((entry) => {
    const described = describe(entry)
    const [kind, id] =
      described.linkId === undefined ? ['program' as const, entry.programId] : ['link' as const, described.linkId]
    return { ...described, pids: holders?.of(kind, id) }
  })
}

/** Without its holders. */
export function describe({ programId, linkId }: Entry): AttachedNetns {
  return {
    program: describeProgram(programId) ?? { id: programId, name: undefined, tag: undefined },
    linkId: linkId === 0 ? undefined : linkId,
    pids: undefined,
  }
}
