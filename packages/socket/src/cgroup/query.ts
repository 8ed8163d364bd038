import { checkBoolean, checkOneOf, checkOptions, findHolders } from '@millrace/core/internal'
import { ancestors } from './ancestors.js'
import { type AttachedCgroup, describe } from './attached.js'
import { resolveCgroup } from './cgroup.js'
import { type CgroupHook, cgroupHookNames } from './hooks.js'
import type { CgroupMode } from './mode.js'
import type { Place } from './place.js'
import { type Entry, queryHook, type Standing, standingAt } from './standing.js'

/** Options of {@link queryCgroup}. */
export interface QueryCgroupOptions {
  readonly hook: CgroupHook
  /** tell all programs that run for this group, those of the groups above included; default false: only its own */
  readonly effective?: boolean | undefined
  /** whether to look for the processes that hold each, through all of /proc; default true */
  readonly pids?: boolean | undefined
}

/** What {@link queryCgroup} found. */
export interface CgroupState {
  /** for `expectedRevision` of {@link attachCgroup}: it changes with every change; 0n: the kernel does not count (before Linux 6.17) */
  readonly revision: bigint
  /** of the programs that this group itself has; undefined: it has none */
  readonly mode: CgroupMode | undefined
  /** in their order in the group; `effective`: in the order in which they run */
  readonly programs: readonly AttachedCgroup[]
}

const known = ['hook', 'effective', 'pids'] as const satisfies readonly (keyof QueryCgroupOptions)[]

/** BPF_F_QUERY_EFFECTIVE */
const EFFECTIVE = 1 << 0

/**
 * What stands at a hook of a control group, whoever put it there.
 *
 * @param cgroup - path of a folder of cgroup v2
 * @throws ArgumentError, CgroupGoneError, MissingCapabilityError, UnsupportedKernelError
 * @kernel 5.10
 *
 * @example
 * ```ts
 * import { cgroupRoot, queryCgroup } from '@millrace/socket'
 *
 * const { revision, programs } = queryCgroup(cgroupRoot(), { hook: 'egress', effective: true })
 * console.log(`revision ${revision}`)
 * for (const { program, cgroup, linkId, pids } of programs) console.log(program.id, program.name, cgroup, linkId, pids)
 * ```
 */
export function queryCgroup(cgroup: string, options: QueryCgroupOptions): CgroupState {
  checkOptions('options', options, known)
  const hook = checkOneOf('options.hook', options.hook, cgroupHookNames)
  const effective = checkBoolean('options.effective', options.effective ?? false)
  const holders = checkBoolean('options.pids', options.pids ?? true) ? findHolders() : undefined
  const place: Place = { hook, cgroup: resolveCgroup(cgroup) }
  const standing = standingAt(place)
  const found = effective ? running(place, standing) : standing.entries.map((entry) => ({ entry, path: cgroup }))
  const programs = found.map(({ entry, path }) => describe(entry, path, holders))
  return { revision: standing.revision, mode: standing.mode, programs }
}

/** The programs that run for a group, with the group that each was attached to. */
function running(place: Place, own: Standing): { readonly entry: Entry; readonly path: string }[] {
  const left = [
    { place, standing: own },
    ...[...ancestors(place)].map((it) => ({ place: it, standing: standingAt(it) })),
  ].flatMap(({ place: { cgroup }, standing }) => standing.entries.map((entry) => ({ entry, path: cgroup.path })))
  return queryHook(place, EFFECTIVE).programs.flatMap(({ programId }) => {
    const index = left.findIndex(({ entry }) => entry.programId === programId)
    return index < 0 ? [] : left.splice(index, 1)
  })
}
